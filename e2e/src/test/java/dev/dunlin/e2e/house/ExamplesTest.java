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

/**
 * Every folder of examples/: its wasmapp.yaml applied as it is, its checks.json held against it.
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
      house
          .registry()
          .pushModule(
              "dunlin/" + name + ":1.0", Files.readAllBytes(folder(name).resolve("app.wasm")));
    }
    house.operator();
    agents = List.of(house.agent("examples-a"), house.agent("examples-b"));
    house.startAll();
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  @ParameterizedTest
  @MethodSource("everyExample")
  void everyExampleDoesWhatItsChecksSay(String name, Kubectl kubectl) throws IOException {
    Checks checks = Checks.of(folder(name));
    String manifest = folder(name).resolve("wasmapp.yaml").toString();

    kubectl.run("apply", "-f", manifest);
    try {
      doesWhatItShould(name, checks, kubectl);
    } finally {
      kubectl.run("delete", "-f", manifest, "--timeout=60s");
    }

    await().atMost(PATIENCE).until(() -> left(kubectl, name).isBlank());
  }

  private static void doesWhatItShould(String name, Checks checks, Kubectl kubectl)
      throws IOException {
    String condition = checks.kind().equals("job") ? "Complete" : "Ready";
    kubectl.run("wait", "--for=condition=" + condition, "wasmapp/" + name, "--timeout=90s");
    if (checks.kind().equals("http")) {
      ServiceProxy service = house.proxy(name);
      await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
      checks.ask(service);
    } else {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(printed(kubectl, name)).containsAll(checks.output()));
    }
    assertThat(kubectl.run("describe", "wasmapp", name)).contains("Events:", "Conditions:");
  }

  /** What there is of the app in the API, one name a line. */
  private static String left(Kubectl kubectl, String app) {
    return kubectl.run(
            "get", "wasmapp,service,endpointslice", app, "--ignore-not-found", "-o", "name")
        + kubectl.run("get", "wasminstances", "-l", "dunlin.dev/app=" + app, "-o", "name");
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
