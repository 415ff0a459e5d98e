package dev.dunlin.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.engine.EngineInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The mock cannot apply; what is sent to be applied is looked at instead. */
@EnableKubernetesMockClient
class NodeRegistrationTest {
  private static final String PATH = "/apis/dunlin.dev/v1alpha1/wasmnodes/n1";
  private static final String APPLY = "?fieldManager=dunlin-agent&force=true";
  private static final NodeIdentity IDENTITY =
      new NodeIdentity(
          "n1",
          Map.of("disk", "ssd"),
          "192.0.2.1",
          8081,
          new NodeLogs("192.0.2.1", 8082, "ab12"),
          "1.0",
          new EngineInfo("jvm", "1", List.of("wasi:p1")),
          (123L << 20) + 999,
          new Quantity("1500m"),
          10,
          "2026-01-02T03:04:05Z",
          "dunlin-system");

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private final List<String> cached = new ArrayList<>();
  private boolean memoryShort;

  @Test
  void appliesTheNodeAndThenItsStatusWithoutConditions() throws Exception {
    takesApplies(1);

    registration().apply();

    JsonNode node = taken(PATH + APPLY);
    assertThat(node.at("/metadata/labels/disk").asText()).isEqualTo("ssd");
    assertThat(node.has("status")).isFalse();
    JsonNode status = taken(PATH + "/status" + APPLY).get("status");
    assertThat(status.at("/allocatable/memory").asText()).isEqualTo("123Mi");
    assertThat(status.at("/allocatable/instances").asInt()).isEqualTo(10);
    assertThat(status.at("/address").asText()).isEqualTo("192.0.2.1");
    assertThat(status.at("/engine/features/0").asText()).isEqualTo("wasi:p1");
    assertThat(status.has("conditions")).isFalse();
  }

  @Test
  void refreshWritesOnlyWhatHasChanged() throws Exception {
    takesApplies(2);
    server.expect().get().withPath(PATH).andReturn(200, "{}").always();
    var registration = registration();
    registration.apply();
    int before = server.getRequestCount();

    registration.refresh();
    assertThat(server.getRequestCount()).isEqualTo(before + 1);

    cached.add("sha256:abc");
    registration.refresh();
    assertThat(server.getLastRequest().getMethod()).isEqualTo("PATCH");
    assertThat(json(server.getLastRequest().getBody().readUtf8()).at("/status/cachedImages/0"))
        .hasToString("\"sha256:abc\"");
  }

  @Test
  void refreshMakesADeletedNodeAgain() {
    takesApplies(2);
    var registration = registration();
    registration.apply();
    int before = server.getRequestCount();

    registration.refresh(); // the mock answers 404 to the read

    assertThat(server.getRequestCount()).isEqualTo(before + 3);
  }

  @Test
  void drainingIsSaidAndStays() throws Exception {
    takesApplies(1);

    registration().drain();

    taken(PATH + APPLY);
    assertThat(taken(PATH + "/status" + APPLY).at("/status/draining").asBoolean()).isTrue();
  }

  @Test
  void notMoreThanFiftyCachedImagesAreTold() throws Exception {
    takesApplies(1);
    IntStream.range(0, 60).forEach(i -> cached.add("sha256:" + i));

    registration().apply();

    taken(PATH + APPLY);
    assertThat(taken(PATH + "/status" + APPLY).at("/status/cachedImages")).hasSize(50);
  }

  @Test
  void processorsAreOfferedAndWantOfMemoryIsToldWhileItLasts() throws Exception {
    takesApplies(2);
    NodeRegistration registration = registration();

    registration.apply();
    memoryShort = true;
    registration.apply();

    taken(PATH + APPLY);
    JsonNode before = taken(PATH + "/status" + APPLY);
    assertThat(before.at("/status/allocatable/cpu").asText()).isEqualTo("1500m");
    assertThat(before.at("/status/memoryPressure").isMissingNode()).isTrue();
    taken(PATH + APPLY);
    assertThat(taken(PATH + "/status" + APPLY).at("/status/memoryPressure").asBoolean()).isTrue();
  }

  private NodeRegistration registration() {
    return new NodeRegistration(client, IDENTITY, () -> List.copyOf(cached), () -> memoryShort);
  }

  private void takesApplies(int times) {
    server.expect().patch().withPath(PATH + APPLY).andReturn(200, "{}").times(times);
    server.expect().patch().withPath(PATH + "/status" + APPLY).andReturn(200, "{}").times(times);
  }

  private JsonNode taken(String path) throws Exception {
    var request = server.takeRequest();
    assertThat(request.getPath()).isEqualTo(path);
    assertThat(request.getHeader("Content-Type")).startsWith("application/apply-patch+yaml");
    return json(request.getBody().readUtf8());
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}
