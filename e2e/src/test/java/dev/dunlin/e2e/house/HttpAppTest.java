package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@OnRealApiServer(controllers = true)
class HttpAppTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    house = House.over(controlPlane, kubectl.namespace());
    house
        .registry()
        .pushModule(
            "dunlin/hello-c:1.0",
            Files.readAllBytes(Repository.root().resolve("examples/hello-c/app.wasm")));
    house.operator();
    house.agent("http-a");
    house.agent("http-b");
    house.startAll();
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  @Test
  void anAppAnswersScalesAndGoes(Kubectl kubectl) throws IOException {
    ServiceProxy service = house.proxy("hello-c");

    kubectl.run(
        "apply", "-f", Repository.root().resolve("examples/hello-c/wasmapp.yaml").toString());
    kubectl.run("wait", "--for=condition=Ready", "wasmapp/hello-c", "--timeout=60s");
    await().atMost(PATIENCE).until(() -> service.targets().size() == 1);
    assertThat(service.get("/?name=Ada").text()).isEqualTo("Good day, Ada, from C\n");

    kubectl.run("scale", "wasmapp/hello-c", "--replicas=3");
    await().atMost(PATIENCE).until(() -> jsonPath(kubectl, "{.status.readyReplicas}").equals("3"));
    await().atMost(PATIENCE).until(() -> service.targets().size() == 2);
    assertThat(kubectl.run("get", "wasmapp", "hello-c"))
        .containsPattern("hello-c +3 +3 +AllInstancesReady +http://hello-c");

    kubectl.run("delete", "wasmapp/hello-c", "--timeout=60s");
    await()
        .atMost(PATIENCE)
        .until(() ->
            kubectl.run("get", "wasminstances,services,endpointslices", "-o", "name").isBlank());
  }

  private static String jsonPath(Kubectl kubectl, String path) {
    return kubectl.run("get", "wasmapp", "hello-c", "-o", "jsonpath=" + path);
  }
}
