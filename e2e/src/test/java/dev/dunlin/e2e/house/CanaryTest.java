package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** New templates that are tried on a share of the requests, under load, on two nodes. */
@OnRealApiServer(controllers = true)
class CanaryTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REPLICAS = 4;
  private static final int NODES = 2;
  private static final String LONG = "3600";
  private static final Pattern SAYS_WHY =
      Pattern.compile(
          "Revision \\w+ was tried and given up: (\\d+) of \\1 answers were errors \\(100(\\.0)? %, at"
              + " most 5 % allowed\\)\\. Revision \\w+ has all requests until the template changes\\.");

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static Program operator;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl api;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    api = kubectl;
    house = House.over(controlPlane, kubectl.namespace());
    house.registry().pushModule("told:1.0", Modules.told());
    for (String example : List.of("hello-c", "wordcount")) {
      Path module = Repository.root().resolve("examples").resolve(example).resolve("app.wasm");
      house.registry().pushModule("dunlin/" + example + ":1.0", Files.readAllBytes(module));
    }
    operator = house.operator("--metrics-interval-seconds=1", "--metrics-window-seconds=5");
    for (String name : List.of("-a", "-b")) house.agent(api.namespace() + name);
    MetricsReader.moveIn(house, api);
    house.startAll();
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  @Test
  void aGoodOneGoesByItsStepsWithItsShareOfTheRequestsAndNoneIsLost() {
    apply("good", "one", LONG, LONG);
    awaitRolledOut("good");
    var service = house.proxy("good");
    await().atMost(PATIENCE).until(() -> service.targets().size() == NODES);
    try (var load = Tally.of(service, "/env?VOICE")) {
      load.awaitMore(50);
      assertThat(load.of("two")).isZero();

      apply("good", "two", LONG, LONG);
      awaitShare(load, "0", 10);
      assertThat(app("good", "{.status.replicas}")).isEqualTo(String.valueOf(REPLICAS));
      apply("good", "two", "1", LONG);
      awaitShare(load, "1", 50);
      String began = app("good", "{.status.canary.stepTime}");
      operator.kill();
      awaitShare(load, "1", 50);
      operator.start();
      awaitShare(load, "1", 50);
      assertThat(app("good", "{.status.canary.stepTime}")).isEqualTo(began);
      apply("good", "two", "1", "1");
      awaitRolledOut("good");
      long before = load.of("one");
      load.awaitMore(100);

      assertThat(load.of("one")).isLessThanOrEqualTo(before + Tally.CLIENTS);
      assertThat(load.missed()).isEmpty();
    }
    assertThat(weights("good")).isBlank();
    assertThat(app("good", "{.status.canary}")).isEmpty();
    assertThat(events("good")).contains("CanaryStep", "CanaryPromoted", "step 2 of 2");
  }

  @Test
  void oneThatTurnsBadIsGivenUpByItselfAndFailsNoMoreThanItsShare() {
    apply("bad", "one", LONG, LONG);
    awaitRolledOut("bad");
    var service = house.proxy("bad");
    await().atMost(PATIENCE).until(() -> service.targets().size() == NODES);
    try (var load = Tally.of(service, "/well?/none")) {
      load.awaitMore(50);
      api.apply(app("bad", "two", LONG, LONG).replace("VOICE, value", "NEVER_WELL, value"));
      await()
          .atMost(PATIENCE)
          .until(() ->
              app("bad", "{.status.conditions[?(@.type=='Progressing')].reason}")
                  .equals("CanaryFailed"));
      await().atMost(PATIENCE).until(() -> instances("bad").size() == REPLICAS);
      load.awaitMore(20);
      long ill = load.of("ill");
      load.awaitMore(200);

      assertThat(load.of("ill")).as("none since").isEqualTo(ill).isPositive();
      assertThat(ill).isLessThanOrEqualTo(load.all() / 10 + NODES);
      assertThat(load.missed()).isEmpty();
    }
    assertThat(app("bad", "{.status.canary.failed} {.status.canary.weight}")).isEqualTo("true 0");
    assertThat(events("bad"))
        .containsPattern(
            "CanaryFailed.*\\d+ of \\d+ answers were errors \\([\\d.]+ %, at most 5 % allowed\\)");
    await().atMost(PATIENCE).until(() -> weights("bad").isBlank());
    assertThat(app("bad", "{.status.conditions[?(@.type=='Ready')].status}")).isEqualTo("True");
  }

  /** examples/canary, as its README has it; but nobody waits for its pauses. */
  @Test
  void theExampleGivesTheWrongModuleUpAndTakesTheNextGreeting() throws IOException {
    api.apply(example("1-stable.yaml"));
    awaitRolledOut("shore");
    var service = house.proxy("shore");
    await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
    try (var load = Tally.of(service, "/?name=Ada")) {
      load.awaitMore(20);
      assertThat(load.answers()).containsOnlyKeys("Good day, Ada, from C");

      api.apply(example("2-wrong-module.yaml"));
      await().atMost(PATIENCE).until(() -> progressing("shore").equals("CanaryFailed"));
      assertThat(app("shore", "{.status.conditions[?(@.type=='Progressing')].message}"))
          .matches(SAYS_WHY)
          .satisfies(said ->
              assertThat(Files.readString(examples("README.md"))).containsPattern(SAYS_WHY));

      api.apply(example("3-new-greeting.yaml"));
      await().atMost(PATIENCE).until(() -> progressing("shore").equals("CanaryStep"));
      api.apply(example("3-new-greeting.yaml").replaceAll("pauseSeconds: \\d+", "pauseSeconds: 1"));
      awaitRolledOut("shore");
      load.awaitMore(20);

      assertThat(service.get("/?name=Ada").text()).isEqualTo("Good morning, Ada, from C\n");
      assertThat(load.missed()).isEmpty();
    }
  }

  private static String progressing(String name) {
    return app(name, "{.status.conditions[?(@.type=='Progressing')].reason}");
  }

  private static String example(String file) throws IOException {
    return Files.readString(examples(file));
  }

  private static Path examples(String file) {
    return Repository.root().resolve("examples/canary").resolve(file);
  }

  /**
   * Waits until it is at that step, and then that of the next answers it has exactly its share: of
   * any run of requests an agent gives it that to within one, and each client may have one under
   * way when counting begins or ends.
   */
  private static void awaitShare(Tally load, String step, int percent) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            app("good", "{.status.canary.step} {.status.canary.weight}")
                .equals(step + " " + percent));
    load.awaitMore(2L * Tally.CLIENTS); // what was asked before the agents were told
    long two = load.of("two");
    long all = load.all();
    load.awaitMore(400);
    long share = load.of("two") - two;
    long of = load.all() - all;
    System.out.printf("step %s: %d of %d answers by the canary%n", step, share, of);
    assertThat(Math.abs(share - of * percent / 100.0))
        .as("%d of %d", share, of)
        .isLessThanOrEqualTo(NODES + 2.0 * Tally.CLIENTS);
  }

  private static void apply(String name, String voice, String first, String second) {
    api.apply(app(name, voice, first, second));
  }

  private static String app(String name, String voice, String first, String second) {
    return """
    apiVersion: dunlin.dev/v1alpha1
    kind: WasmApp
    metadata: {name: %s}
    spec:
      image: registry.example.com/told:1.0
      replicas: %d
      env: [{name: VOICE, value: %s}]
      strategy:
        type: Canary
        canary:
          steps: [{weight: 10, pauseSeconds: %s}, {weight: 50, pauseSeconds: %s}]
          analysis: {maxErrorPercent: 5, maxLatencyP95Milliseconds: 30000, minRequests: 20}
    """
        .formatted(name, REPLICAS, voice, first, second);
  }

  private static void awaitRolledOut(String name) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(app(name, "{.status.observedGeneration}"))
              .isEqualTo(app(name, "{.metadata.generation}"));
          assertThat(app(name, "{.status.conditions[?(@.type=='Progressing')].reason}"))
              .isEqualTo("RolledOut");
          assertThat(instances(name)).hasSize(REPLICAS);
        });
  }

  private static String app(String name, String jsonPath) {
    return api.run("get", "wasmapp", name, "-o", "jsonpath=" + jsonPath);
  }

  private static List<String> instances(String name) {
    return api.run("get", "wasminstances", "-l", "dunlin.dev/app=" + name, "-o", "name")
        .lines()
        .toList();
  }

  private static String weights(String name) {
    return api.run(
        "get",
        "wasminstances",
        "-l",
        "dunlin.dev/app=" + name,
        "-o",
        "jsonpath={.items[*].metadata.annotations.dunlin\\.dev/weight}");
  }

  private static String events(String name) {
    return api.run("events", "--for=wasmapp/" + name);
  }
}
