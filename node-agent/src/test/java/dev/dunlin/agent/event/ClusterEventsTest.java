package dev.dunlin.agent.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ClusterEventsTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private ClusterEvents events;

  @BeforeEach
  void open() {
    events = new ClusterEvents(client, "n1", NOON);
  }

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  void anEventSaysWhatHappenedToWhomAndWhoSaysSo() {
    events.tell(instance(), true, "Trap", "It trapped.");

    await().until(() -> told().size() == 1);
    Event event = told().getFirst();
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getReason()).isEqualTo("Trap");
    assertThat(event.getMessage()).isEqualTo("It trapped.");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("WasmInstance");
    assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-1");
    assertThat(event.getSource().getHost()).isEqualTo("n1");
    assertThat(event.getFirstTimestamp()).isEqualTo("2026-01-02T12:00:00Z");
  }

  @Test
  void whatRepeatsIsCountedUp() {
    for (int i = 0; i < 3; i++) {
      events.tell(instance(), false, "Started", "The command runs.");
    }

    await().until(() -> told().size() == 1 && told().getFirst().getCount() == 3);
  }

  @Test
  void anEventThatTheApiServerHasForgottenIsToldAnew() {
    events.tell(instance(), false, "Started", "The command runs.");
    await().until(() -> told().size() == 1);
    client.v1().events().inNamespace("apps").delete();

    events.tell(instance(), false, "Started", "The command runs."); // finds that it is gone
    events.tell(instance(), false, "Started", "The command runs.");

    await().until(() -> told().size() == 1 && told().getFirst().getCount() == 1);
  }

  @Test
  void aLongMessageIsCut() {
    events.tell(instance(), true, "Trap", "x".repeat(5_000));

    await().until(() -> told().size() == 1);
    assertThat(told().getFirst().getMessage()).hasSize(1_024);
  }

  @Test
  void anInstanceThatTellsTooMuchIsHeardLess() {
    for (int i = 0; i < 100; i++) {
      events.tell(instance(), false, "Started", "Time " + i);
    }
    events.close(); // waits for what is queued

    assertThat(told()).hasSize(25);
  }

  private List<Event> told() {
    return client.v1().events().inNamespace("apps").list().getItems();
  }

  private static WasmInstance instance() {
    var instance = new WasmInstance();
    instance.setMetadata(
        new ObjectMetaBuilder().withNamespace("apps").withName("a-1").withUid("uid-1").build());
    return instance;
  }
}
