package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Every folder of examples/: its wasmapp.yaml applied, its checks.json held against it. Components
 * where the native engine is built.
 */
@OnRealApiServer(controllers = true)
class ExamplesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static List<Program> agents;

  static List<String> everyExample() throws IOException {
    try (Stream<Path> folders = Files.list(Repository.root().resolve("examples"))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("wasmapp.yaml")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    house = House.over(controlPlane, kubectl.namespace());
    for (String name : everyExample()) {
      Path module = folder(name).resolve("app.wasm");
      if (Files.exists(module)) {
        house.registry().pushModule("dunlin/" + name + ":1.0", Files.readAllBytes(module));
      }
    }
    house.operator();
    agents = List.of(agent("examples-a"), agent("examples-b"));
    house.startAll();
  }

  private static Program agent(String name) {
    return house.agent(name, "--local-volumes=" + house.folder().resolve(name + "-volumes"));
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  @ParameterizedTest
  @MethodSource("everyExample")
  void everyExampleDoesWhatItsChecksSay(String name, Kubectl kubectl) throws IOException {
    Path module = folder(name).resolve("app.wasm");
    if (!Files.exists(module)) {
      throw new TestAbortedException("not built: run examples/" + name + "/build");
    }
    NativeEngine.assumeFor(module);
    try (Checks checks = Checks.of(folder(name))) {
      kubectl.apply(checks.manifest());
      try {
        doesWhatItShould(name, checks, kubectl);
      } finally {
        kubectl.run(
            "delete", "-f", folder(name).resolve("wasmapp.yaml").toString(), "--timeout=60s");
      }
    }

    await().atMost(PATIENCE).until(() -> left(kubectl, name).isBlank());
  }

  private static void doesWhatItShould(String name, Checks checks, Kubectl kubectl)
      throws IOException {
    switch (checks.kind()) {
      case "http" -> answers(name, checks, kubectl);
      case "worker" -> works(name, checks, kubectl);
      case "job" -> ends(name, checks, kubectl);
      default -> throw new IllegalArgumentException(name + " is of kind " + checks.kind());
    }
  }

  private static void answers(String name, Checks checks, Kubectl kubectl) throws IOException {
    ServiceProxy service = house.proxy(name);
    kubectl.run("wait", "--for=condition=Ready", "wasmapp/" + name, "--timeout=90s");
    await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
    checks.ask(service);
    String replicas = jsonPath(kubectl, name, "{.spec.replicas}");
    String url = "http://%s.%s.svc".formatted(name, kubectl.namespace());
    got(kubectl, name, replicas, replicas, "AllInstancesReady", url);
    gotInstances(kubectl, name, "true +Running +Serving");
    described(kubectl, name, "AllInstancesReady", "Normal +Scheduled");

    scale(kubectl, name, 0, "ScaledToZero");
    await().atMost(PATIENCE).until(() -> service.targets().isEmpty());
    scale(kubectl, name, 2, "AllInstancesReady");
    int places = checks.manifest().contains("accessMode: ReadWriteOnce") ? 1 : 2;
    await().atMost(PATIENCE).until(() -> service.targets().size() == places);
    checks.ask(service);
  }

  private static void works(String name, Checks checks, Kubectl kubectl) {
    kubectl.run("wait", "--for=condition=Ready", "wasmapp/" + name, "--timeout=90s");
    awaitPrinted(name, checks, kubectl);
    got(kubectl, name, "1", "1", "AllInstancesReady", "");
    gotInstances(kubectl, name, "true +Running +Started");
    described(kubectl, name, "AllInstancesReady", "Normal +Scheduled");

    scale(kubectl, name, 2, "AllInstancesReady");
    scale(kubectl, name, 0, "ScaledToZero");
  }

  private static void ends(String name, Checks checks, Kubectl kubectl) {
    kubectl.run("wait", "--for=condition=Complete", "wasmapp/" + name, "--timeout=90s");
    awaitPrinted(name, checks, kubectl);
    got(kubectl, name, "0", "1", "JobComplete", "");
    gotInstances(kubectl, name, "false +Succeeded +Completed");
    described(kubectl, name, "JobComplete", "Normal +Scheduled");
    String runs = instances(kubectl, name);
    String counts = jsonPath(kubectl, name, "{.status.job}");

    kubectl.run("scale", "wasmapp/" + name, "--replicas=2");
    await()
        .atMost(PATIENCE)
        .until(() ->
            jsonPath(kubectl, name, "{.metadata.generation}")
                .equals(jsonPath(kubectl, name, "{.status.observedGeneration}")));
    assertThat(instances(kubectl, name)).as("a job has no replicas").isEqualTo(runs);
    assertThat(jsonPath(kubectl, name, "{.status.job}")).isEqualTo(counts);
  }

  private static void awaitPrinted(String name, Checks checks, Kubectl kubectl) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(printed(kubectl, name)).containsAll(checks.output()));
  }

  /** What {@code kubectl get} shows of the app. */
  private static void got(
      Kubectl kubectl, String name, String ready, String desired, String status, String url) {
    assertThat(kubectl.run("get", "wasmapp", name).lines())
        .hasSize(2)
        .first()
        .asString()
        .containsPattern("^NAME +READY +DESIRED +STATUS +URL +AGE *$");
    assertThat(kubectl.run("get", "wasmapp", name).lines().skip(1).findFirst().orElseThrow())
        .containsPattern("^%s +%s +%s +%s +%s".formatted(name, ready, desired, status, url));
  }

  /** What {@code kubectl get} shows of the app's instances. */
  private static void gotInstances(Kubectl kubectl, String name, String readyPhaseReason) {
    assertThat(kubectl.run("get", "wasminstances", "-l", "dunlin.dev/app=" + name))
        .containsPattern("^NAME +APP +READY +PHASE +REASON +RESTARTS +NODE +AGE")
        .containsPattern("%s +%s +0 +examples-[ab] +\\d+s".formatted(name, readyPhaseReason));
  }

  private static void described(Kubectl kubectl, String name, String... patterns) {
    String text = kubectl.run("describe", "wasmapp", name);
    assertThat(text).contains("Events:", "Conditions:");
    for (String pattern : patterns) {
      assertThat(text).containsPattern(pattern);
    }
  }

  /** Scales, and waits until that many are ready, no more exist, and the app says so. */
  private static void scale(Kubectl kubectl, String name, int replicas, String status) {
    kubectl.run("scale", "wasmapp/" + name, "--replicas=" + replicas);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(jsonPath(kubectl, name, "{.status.conditions[?(@.type=='Ready')].reason}"))
              .isEqualTo(status);
          assertThat(instances(kubectl, name).lines()).hasSize(replicas);
        });
    got(kubectl, name, String.valueOf(replicas), String.valueOf(replicas), status, "");
  }

  private static String jsonPath(Kubectl kubectl, String app, String path) {
    return kubectl.run("get", "wasmapp", app, "-o", "jsonpath=" + path);
  }

  private static String instances(Kubectl kubectl, String app) {
    return kubectl.run("get", "wasminstances", "-l", "dunlin.dev/app=" + app, "-o", "name");
  }

  /** What there is of the app in the API, one name a line. */
  private static String left(Kubectl kubectl, String app) {
    return kubectl.run(
            "get", "wasmapp,service,endpointslice", app, "--ignore-not-found", "-o", "name")
        + instances(kubectl, app);
  }

  /** The lines that instances of the app wrote, from the agents' logs. */
  private static List<String> printed(Kubectl kubectl, String app) {
    return agents.stream()
        .flatMap(agent -> GuestLine.read(agent.log()).stream())
        .filter(line -> line.namespace().equals(kubectl.namespace()) && line.app().equals(app))
        .map(GuestLine::message)
        .toList();
  }

  private static Path folder(String name) {
    return Repository.root().resolve("examples").resolve(name);
  }
}
