package dev.dunlin.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of docs/troubleshooting.md, as a user sees it through kubectl. */
@OnRealApiServer(controllers = true)
class BadInputTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Scenario> SCENARIOS = Scenarios.all();

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl home;

  @SuppressWarnings("NullAway.Init")
  private static ServiceProxy bystander;

  @BeforeAll
  static void anAppThatDoesEverythingRight(ControlPlane controlPlane, Kubectl kubectl) {
    home = kubectl;
    house = House.over(controlPlane, kubectl.namespace());
    house.registry().pushModule(Scenario.tag("bystander"), Modules.hello());
    house.operator("--app-ports=%d-%d".formatted(PortThief.FIRST_PORT, PortThief.LAST_PORT));
    house.agent(
        "bad-input",
        "--engine=jvm", // what the native one refuses is another question
        "--local-volumes=" + house.folder().resolve("volumes"));
    house.startAll();
    kubectl.apply(Scenario.of(Scenario.image("bystander")).manifest("bystander", house));
    kubectl.run("wait", "--for=condition=Ready", "wasmapp/bystander", "--timeout=60s");
    bystander = house.proxy("bystander");
    await().atMost(PATIENCE).until(() -> !bystander.targets().isEmpty());
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  static List<Row> rows() throws IOException {
    return Row.all();
  }

  @Test
  void everyRowHasAScenarioAndEveryScenarioARow() throws IOException {
    assertThat(rows())
        .extracting(Row::what)
        .containsExactlyInAnyOrderElementsOf(SCENARIOS.keySet());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aFaultHasItsConditionAndEventAndTouchesNobodyElse(Row row) throws Exception {
    Scenario scenario = Objects.requireNonNull(SCENARIOS.get(row.what()), row.what());
    String app = "bad-" + scenario.spec().replaceAll(".*dunlin/([a-z-]+):1.*", "$1");
    scenario.before().take(house, home);
    try {
      home.apply(scenario.manifest(app, house));

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(statesOf(app)).contains(row.reason());
            assertThat(eventsOf(app)).contains(row.reason());
          });
      assertThat(bystander.get("/?name=Ada").status()).isEqualTo(200);
      assertThat(restartsOf("bystander")).isZero();
    } finally {
      scenario.after().take(house, home);
      home.run("delete", "wasmapp", app, "--timeout=60s");
      await().atMost(PATIENCE).until(() -> instances(app).isEmpty());
    }
  }

  /** Reasons of what is not well: of the app's conditions, its instances' and their last ends. */
  private static Set<String> statesOf(String app) {
    var reasons = new HashSet<String>();
    addFaults(reasons, read("get", "wasmapp", app));
    for (JsonNode instance : instances(app)) {
      addFaults(reasons, instance);
      reasons.add(instance.at("/status/lastTermination/reason").asText());
    }
    return reasons;
  }

  private static void addFaults(Set<String> reasons, JsonNode object) {
    for (JsonNode condition : object.at("/status/conditions")) {
      boolean fault =
          condition.get("type").asText().equals("Failed")
              ? condition.get("status").asText().equals("True")
              : !condition.get("status").asText().equals("True");
      if (fault && !condition.get("message").asText().isBlank()) {
        reasons.add(condition.get("reason").asText());
      }
    }
  }

  private static Set<String> eventsOf(String app) {
    var reasons = new HashSet<String>();
    for (JsonNode event : read("get", "events").get("items")) {
      JsonNode about = event.get("involvedObject");
      String name = about.get("name").asText();
      if (name.equals(app) || name.startsWith(app + "-")) reasons.add(event.get("reason").asText());
    }
    return reasons;
  }

  private static int restartsOf(String app) {
    int restarts = 0;
    for (JsonNode instance : instances(app)) restarts += instance.at("/status/restarts").asInt();
    return restarts;
  }

  private static JsonNode instances(String app) {
    return read("get", "wasminstances", "-l", "dunlin.dev/app=" + app).get("items");
  }

  private static JsonNode read(String... arguments) {
    var all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "-o";
    all[arguments.length + 1] = "json";
    try {
      return JSON.readTree(home.run(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("kubectl printed no JSON", e);
    }
  }
}
