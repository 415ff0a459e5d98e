package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.testing.InMemoryRegistry;
import dev.dunlin.oci.testing.Signer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who must have signed what runs. */
@InSharedHouse
class SignatureTest {
  private final Signer release = Signer.create();

  @Test
  void anImageRunsOnceTheRightKeyHasSignedIt(Apps apps) {
    Digest digest = push(apps, "late");
    try (Policy policy = policy(apps, "late", "mode: Enforce", release)) {
      App app = apps.apply("late", image(apps, "late") + ", replicas: 2");
      app.awaitCondition("Ready", "False", Reasons.SIGNATURE_MISSING);
      assertThat(app.told("Ready")).contains(policy.name() + " wants a signature by release");
      awaitAsserted(() -> assertThat(app.events()).contains(Reasons.SIGNATURE_MISSING));

      Signer.create().signByBundle(registry(apps), "signed/late", digest);
      policy.touch(); // what waits is looked at again at once
      app.awaitCondition("Ready", "False", Reasons.SIGNATURE_INVALID);

      release.signByTag(registry(apps), "signed/late", digest);
      policy.touch();
      app.awaitReady(2);
      assertThat(app.standing())
          .allSatisfy(it -> {
            Condition verified =
                Condition.find(App.statusOf(it).conditions(), "Verified").orElseThrow();
            assertThat(verified.status()).isEqualTo("True");
            assertThat(verified.message()).contains(policy.name() + ": signed by release");
          });
    }
  }

  @Test
  void aPolicyThatComesLaterLeavesWhatRunsAndHoldsWhatComes(Apps apps) {
    push(apps, "early");
    App app = apps.apply("early", image(apps, "early") + ", replicas: 1").awaitReady(1);
    List<String> before = app.names();

    try (Policy policy = policy(apps, "early", "mode: Enforce", release)) {
      app.apply(image(apps, "early") + ", replicas: 2");
      app.awaitCondition("Ready", "False", Reasons.SIGNATURE_MISSING);
      assertThat(app.names()).containsAll(before);
      assertThat(app.standing().stream().filter(App::isReady)).hasSize(1);

      policy.delete();
      app.awaitReady(2);
      assertThat(app.names()).containsAll(before);
    }
  }

  @Test
  void aPolicyThatWarnsLetsItRunAndSaysSo(Apps apps) {
    push(apps, "warned");
    try (Policy policy = policy(apps, "warned", "mode: Warn", release)) {
      assertThat(policy.name()).contains("warned");
      App app = apps.apply("warned", image(apps, "warned") + ", replicas: 1").awaitReady(1);

      awaitAsserted(() -> assertThat(app.events()).contains(Reasons.SIGNATURE_MISSING));
      Condition verified =
          Condition.find(App.statusOf(app.standing().getFirst()).conditions(), "Verified")
              .orElseThrow();
      assertThat(verified.status()).isEqualTo("False");
    }
  }

  @Test
  void aPolicyOfOtherNamespacesOrImagesConcernsNobodyHere(Apps apps) {
    push(apps, "free");
    try (Policy elsewhere =
            new Policy(
                apps,
                "elsewhere",
                "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: elsewhere}}",
                release);
        Policy others = policy(apps, "others", "images: [registry.example.org/**]", release)) {
      assertThat(elsewhere.name()).isNotEqualTo(others.name());
      App app = apps.apply("free", image(apps, "free") + ", replicas: 1").awaitReady(1);

      assertThat(App.statusOf(app.standing().getFirst()).conditions())
          .extracting(Condition::type)
          .doesNotContain("Verified");
    }
  }

  @Test
  void aKeyThatCannotBeReadIsAConditionOfThePolicy(Apps apps) {
    try (Policy policy =
        new Policy(
            apps,
            "broken",
            "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: nowhere}}",
            "-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----")) {
      awaitAsserted(() -> {
        var status = policy.get().getStatus();
        assertThat(status).isNotNull();
        assertThat(Condition.find(Objects.requireNonNull(status).conditions(), "Ready"))
            .hasValueSatisfying(ready -> {
              assertThat(ready.status() + "/" + ready.reason()).isEqualTo("False/KeyInvalid");
              assertThat(ready.message()).contains("key release:");
            });
      });
    }
  }

  private static Policy policy(Apps apps, String name, String spec, Signer signer) {
    return new Policy(
        apps,
        name,
        "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}, %s"
            .formatted(apps.namespace(), spec),
        signer);
  }

  /** A policy of the cluster, gone when the test is over. */
  private record Policy(Apps apps, String name, String spec, String key) implements AutoCloseable {
    Policy {
      name = apps.namespace() + "-" + name;
      apps.kubectl()
          .apply(
              """
              apiVersion: dunlin.dev/v1alpha1
              kind: WasmImagePolicy
              metadata: {name: "%s"}
              spec: {%s, authorities: [{name: release, key: "%s"}]}
              """
                  .formatted(name, spec, key));
    }

    Policy(Apps apps, String name, String spec, Signer signer) {
      this(apps, name, spec, signer.pem().replace("\n", "\\n"));
    }

    WasmImagePolicy get() {
      return apps.client().resources(WasmImagePolicy.class).withName(name).require();
    }

    /** Changes nothing that matters. */
    void touch() {
      apps.kubectl()
          .run(
              "patch",
              "wasmimagepolicy",
              name,
              "--type=merge",
              "-p",
              "{\"spec\":{\"exceptImages\":[\"registry.example.net/%d\"]}}"
                  .formatted(System.nanoTime()));
    }

    void delete() {
      apps.client().resources(WasmImagePolicy.class).withName(name).delete();
    }

    @Override
    public void close() {
      delete();
    }
  }

  private static Digest push(Apps apps, String name) {
    return registry(apps).pushModule("signed/" + name + ":1", Modules.marked(Modules.told(), name));
  }

  private static String image(Apps apps, String name) {
    return "image: \"" + registry(apps).address() + "/signed/" + name + ":1\"";
  }

  private static InMemoryRegistry registry(Apps apps) {
    return apps.house().registry();
  }
}
