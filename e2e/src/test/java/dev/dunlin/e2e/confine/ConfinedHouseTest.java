package dev.dunlin.e2e.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.NativeEngine;
import dev.dunlin.e2e.house.Program;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An operator and an agent with no more rights than the chart gives them do all that they must; and
 * a guest comes to nothing of theirs.
 */
@OnRealApiServer(shared = "confined")
class ConfinedHouseTest {
  private static final String NODE = "confined-node";

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static Path agentsKubeconfig;

  @SuppressWarnings("NullAway.Init")
  private static Program operator;

  @SuppressWarnings("NullAway.Init")
  private static Program agent;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane) throws IOException {
    Confinement.install(controlPlane);
    house = House.over(controlPlane);
    house.registry().pushModule("told:1", Modules.told());
    Path fetch = Repository.root().resolve("examples/fetch-rust/app.wasm");
    house.registry().pushModule("fetch:1", Files.readAllBytes(fetch));
    operator =
        house.operator(
            BoundToken.onNode(controlPlane, Confinement.OPERATOR, NODE).kubeconfig(house.folder()),
            "--agent-service-account=" + Confinement.AGENT,
            "--agent-cluster-role=" + Confinement.AGENT_ROLE);
    agentsKubeconfig =
        BoundToken.onNode(controlPlane, Confinement.AGENT, NODE).kubeconfig(house.folder());
    agent =
        house.agent(NODE, agentsKubeconfig, "--local-volumes=" + house.folder().resolve("volumes"));
    house.startAll();
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  @Test
  void anAppGetsAllThatItRefersToAndItsAgentWritesAllThatItMust(Kubectl kubectl)
      throws IOException {
    kubectl.apply(
        """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: words}, data: {word: one}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {key: hidden}}
        ---
        {apiVersion: dunlin.dev/v1alpha1, kind: WasmVolume, metadata: {name: data}, spec: {size: 10Mi}}
        ---
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: app}
        spec:
          image: registry.example.com/told:1
          terminationGracePeriodSeconds: 1
          env: [{name: KEY, valueFrom: {secretKeyRef: {name: keys, key: key}}}]
          volumes:
          - {name: words, configMap: {name: words}}
          - {name: later, secret: {secretName: later, optional: true}}
          - {name: data, wasmVolume: {claimName: data}}
          volumeMounts:
          - {name: words, mountPath: /words}
          - {name: later, mountPath: /later}
          - {name: data, mountPath: /data}
        """);
    ServiceProxy service = house.proxy(kubectl.namespace(), "app");
    awaits(() -> assertThat(service.get("/env?KEY").text()).isEqualTo("hidden\n"));
    assertThat(service.get("/get?/words/word").text()).isEqualTo("one");

    kubectl.run("patch", "configmap", "words", "-p", "{\"data\":{\"word\":\"two\"}}");
    kubectl.run("create", "secret", "generic", "later", "--from-literal=key=late");

    awaits(() -> assertThat(service.get("/get?/words/word").text()).isEqualTo("two"));
    awaits(() -> assertThat(service.get("/get?/later/key").text()).isEqualTo("late"));
    awaits(() ->
        assertThat(kubectl.run("get", "events", "-o", "jsonpath={.items[*].reportingComponent}"))
            .contains("dunlin-agent"));
    String first = kubectl.run("get", "wasminstances", "-o", "name");
    kubectl.run("delete", "wasminstances", "--all", "--timeout=60s"); // its agent lets it go
    awaits(() -> {
      assertThat(kubectl.run("get", "wasminstances", "-o", "name"))
          .isNotEmpty()
          .isNotEqualTo(first);
      assertThat(service.get("/env?KEY").text()).isEqualTo("hidden\n");
    });

    kubectl.run(
        "patch",
        "wasmapp",
        "app",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/spec/env\"},{\"op\":\"remove\",\"path\":\"/spec/volumes\"},{\"op\":\"remove\",\"path\":\"/spec/volumeMounts\"}]");
    awaits(() -> assertThat(service.get("/env?KEY").text()).isEqualTo("(unset)\n"));
    kubectl.run("delete", "wasmvolume", "data", "--timeout=60s"); // and its folder
    awaits(() ->
        assertThat(kubectl.run("get", "roles", "-o", "name", "--ignore-not-found")).isEmpty());

    for (Program program : List.of(operator, agent))
      assertThat(Files.readString(program.log()))
          .as(program.log().toString())
          .doesNotContain("ValidatingAdmissionPolicy", "cannot create", "cannot patch")
          .doesNotContain("cannot update", "cannot delete");
    assertThat(Files.readString(operator.log())).doesNotContain("is forbidden");
  }

  @Test
  void noGuestComesToTheTokenOfItsAgent(Kubectl kubectl) throws IOException {
    kubectl.apply(
        """
        {apiVersion: dunlin.dev/v1alpha1, kind: WasmVolume, metadata: {name: mine}, spec: {size: 10Mi}}
        ---
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: thief}
        spec:
          image: registry.example.com/told:1
          volumes: [{name: data, wasmVolume: {claimName: mine}}]
          volumeMounts: [{name: data, mountPath: /data}]
        """);
    ServiceProxy service = house.proxy(kubectl.namespace(), "thief");
    String mark = "mark-" + kubectl.namespace();
    awaits(() -> assertThat(service.get("/touch?/data/" + mark).status()).isEqualTo(200));
    Path own = folderOf(mark);
    Files.createSymbolicLink(own.resolve("token"), agentsKubeconfig);
    Files.createSymbolicLink(own.resolve("relative"), own.relativize(agentsKubeconfig));
    Files.createSymbolicLink(own.resolve("root"), Path.of("/"));
    Files.createSymbolicLink(own.resolve("twice"), Path.of("token"));
    Files.createLink(own.resolve("proof"), own.resolve(mark)); // links within are followed

    Stream<String> paths =
        Stream.of(
            agentsKubeconfig.toString(),
            "/data/token",
            "/data/relative",
            "/data/twice",
            "/data/root" + agentsKubeconfig,
            "/data/" + own.relativize(agentsKubeconfig),
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "/data/root/proc/self/environ",
            "/proc/self/environ",
            "/proc/1/environ",
            "/dev/fd/0");
    paths.forEach(path ->
        awaits(() ->
            assertThat(service.get("/get?" + path).text())
                .as(path)
                .startsWith("get " + path + ": ")
                .doesNotContain("certificate-authority", "KUBECONFIG")));
    assertThat(service.get("/get?/data/proof").text()).isEmpty();
    for (String variable : List.of("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "PATH", "HOME"))
      assertThat(service.get("/env?" + variable).text()).as(variable).isEqualTo("(unset)\n");
  }

  @Test
  void noGuestReachesTheApiServerTheNodeOrTheMetadata(Kubectl kubectl, ControlPlane controlPlane) {
    NativeEngine.assume();
    fetching(kubectl, "nothing", "[]");
    fetching(kubectl, "all", "[\"*\", \"0.0.0.0/0\", \"::/0\"]");
    int api = URI.create(controlPlane.url()).getPort();
    var places =
        List.of(
            "127.0.0.1:" + api,
            "localhost:" + api,
            "[::ffff:127.0.0.1]:" + api,
            "[::1]:" + api,
            "0.0.0.0:" + api,
            "2130706433:" + api, // names that lead there
            "127.1:" + api,
            "0x7f.1:" + api,
            "169.254.169.254:80",
            "2852039166:80",
            "[::ffff:169.254.169.254]:80",
            "[fd00:ec2::254]:80");

    for (String app : List.of("nothing", "all")) {
      ServiceProxy service = house.proxy(kubectl.namespace(), app);
      for (String place : places)
        awaits(() ->
            assertThat(service.get("/from?http://" + place + "/").text())
                .as("%s from app %s", place, app)
                .containsAnyOf("HttpRequestDenied", "DestinationIpProhibited"));
    }
  }

  /** And nobody opens that by naming it, but where the cluster's owner lets them. */
  @Test
  void noAppNamesTheNodeOrTheMetadata(Kubectl kubectl) {
    var refused =
        List.of(
            "127.0.0.1",
            "127.8.9.1:80",
            "localhost",
            "localhost:6443",
            "a.localhost",
            "0.0.0.0",
            "127.0.0.0/8",
            "169.254.169.254",
            "169.254.0.0/16",
            "100.100.100.200:80",
            "168.63.129.16",
            "224.0.0.1",
            "::1",
            "[::1]:80",
            "fe80::1",
            "fd00:ec2::254",
            "[fd00:ec2::254]:80",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::");
    for (String host : refused)
      assertThat(dryRun(kubectl, host).err()).as(host).contains("network.allowedHosts");
    var taken =
        List.of(
            "*",
            "example.com",
            "example.com:443",
            "*.example.com",
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.96.0.1:443",
            "2001:db8::1",
            "[2001:db8::1]:80",
            "localhosts.example.com");
    for (String host : taken) assertThat(dryRun(kubectl, host).err()).as(host).isEmpty();

    kubectl.run("label", "namespace", kubectl.namespace(), "dunlin.dev/node-network=allowed");
    awaits(() -> assertThat(dryRun(kubectl, "127.0.0.1").ok()).isTrue());
  }

  private static Kubectl.Answer dryRun(Kubectl kubectl, String host) {
    return kubectl.call(
        """
        {apiVersion: dunlin.dev/v1alpha1, kind: WasmApp, metadata: {name: a},
          spec: {image: registry.example.com/told:1, network: {allowedHosts: ["%s"]}}}
        """
            .formatted(host),
        "create",
        "--dry-run=server",
        "-f",
        "-");
  }

  private static void fetching(Kubectl kubectl, String name, String hosts) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: %s}
        spec: {image: registry.example.com/fetch:1, network: {allowedHosts: %s}}
        """
            .formatted(name, hosts));
  }

  private static Path folderOf(String file) throws IOException {
    try (Stream<Path> files = Files.walk(house.folder())) {
      return files.filter(it -> it.endsWith(file)).map(Path::getParent).findFirst().orElseThrow();
    }
  }

  private static void awaits(ThrowingRunnable assertions) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .untilAsserted(assertions);
  }
}
