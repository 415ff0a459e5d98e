package dev.dunlin.e2e.badinput;

import static dev.dunlin.e2e.badinput.Modules.hello;
import static dev.dunlin.e2e.badinput.Modules.marked;
import static dev.dunlin.e2e.badinput.Scenario.image;
import static dev.dunlin.e2e.badinput.Scenario.tag;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.Program;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.testing.Signer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What policies for images keep from starting. */
final class Signatures {
  private static final String WORKER = "worker: {}";
  private static final String CRD = "wasmimagepolicies.dunlin.dev";

  /** One that starts where there is no such kind; whoever has seen the policies goes on. */
  private static @Nullable Program agent;

  private Signatures() {}

  static Map<String, Scenario> scenarios() {
    byte[] hello = hello();
    return Map.of(
        "It is not signed, and a policy wants that it is",
        Scenario.module("unsigned", marked(hello, "unsigned"), WORKER)
            .given((house, k) -> apply(house, k, "unsigned"))
            .cleanedBy((house, k) -> k.run("delete", "wasmimagepolicy", "unsigned")),
        "It is signed, but not by a key that the policy trusts",
        Scenario.of(image("other-key") + ", " + WORKER)
            .given((house, k) -> {
              Digest digest =
                  house.registry().pushModule(tag("other-key"), marked(hello, "other-key"));
              Signer.create().signByBundle(house.registry(), "dunlin/other-key", digest);
              apply(house, k, "other-key");
            })
            .cleanedBy((house, k) -> k.run("delete", "wasmimagepolicy", "other-key")),
        "The agent cannot read the policies for images",
        Scenario.module(
                "no-policies",
                marked(hello, "no-policies"),
                "nodeSelector: {policies: none}, " + WORKER)
            .given((house, k) -> {
              k.run("delete", "crd", CRD);
              agent =
                  house.agent("bad-input-policies", "--engine=jvm", "--node-label=policies=none");
              house.startAll();
            })
            .cleanedBy((house, k) -> {
              Program moving = agent;
              if (moving != null) {
                moving.stop();
              }
              k.run(
                  "apply",
                  "-f",
                  Repository.root().resolve("helm/dunlin/files/crds/" + CRD + ".yaml").toString());
              k.run("wait", "--for=condition=Established", "crd/" + CRD, "--timeout=60s");
            }));
  }

  private static void apply(House house, Kubectl kubectl, String name) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmImagePolicy
        metadata: {name: %s}
        spec: {images: ["%s/dunlin/%s"], authorities: [{name: release, key: "%s"}]}
        """
            .formatted(
                name,
                house.registry().address(),
                name,
                Signer.create().pem().replace("\n", "\\n")));
  }
}
