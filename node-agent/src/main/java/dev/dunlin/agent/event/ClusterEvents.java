package dev.dunlin.agent.event;

import dev.dunlin.agent.instance.InstanceEvents;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes core/v1 Events, which {@code kubectl describe} shows; one that repeats is counted up. Best
 * effort, as Events are: when the API server does not take them, they are lost.
 */
public final class ClusterEvents implements InstanceEvents, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterEvents.class);
  private static final int QUEUED = 1_000;
  private static final int LONGEST_MESSAGE = 1_024;

  private final KubernetesClient client;
  private final String nodeName;
  private final Clock clock;
  private final EventTally tally = new EventTally();
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED),
          Thread.ofPlatform().daemon().name("events").factory(),
          new ThreadPoolExecutor.DiscardOldestPolicy());

  public ClusterEvents(KubernetesClient client, String nodeName, Clock clock) {
    this.client = client;
    this.nodeName = nodeName;
    this.clock = clock;
  }

  @Override
  public void tell(WasmInstance instance, boolean warning, String reason, String message) {
    String text =
        message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    writer.execute(() -> write(instance, warning ? "Warning" : "Normal", reason, text));
  }

  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(1, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void write(WasmInstance instance, String type, String reason, String message) {
    var metadata = instance.getMetadata();
    var key = new EventTally.Key(metadata.getUid(), reason, message);
    long nanos = System.nanoTime();
    String freshName = metadata.getName() + "." + HexFormat.of().toHexDigits(nanos);
    Optional<EventTally.Told> told =
        tally.count(key, freshName, clock.instant().truncatedTo(ChronoUnit.SECONDS), nanos);
    if (told.isEmpty()) {
      return;
    }
    try {
      if (told.get().count() == 1) {
        client.resource(event(instance, type, reason, message, told.get())).create();
      } else {
        countUp(metadata.getNamespace(), told.get());
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        tally.forget(key);
      }
      log.debug("an Event was lost: {} {}", reason, message, e);
    }
  }

  private void countUp(String namespace, EventTally.Told told) {
    String patch =
        "{\"count\":%d,\"lastTimestamp\":\"%s\"}".formatted(told.count(), told.last().toString());
    client
        .v1()
        .events()
        .inNamespace(namespace)
        .withName(told.name())
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private Event event(
      WasmInstance instance, String type, String reason, String message, EventTally.Told told) {
    var metadata = instance.getMetadata();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(metadata.getNamespace())
        .withName(told.name())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(instance.getApiVersion())
        .withKind(instance.getKind())
        .withNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .endInvolvedObject()
        .withType(type)
        .withReason(reason)
        .withMessage(message)
        .withCount(told.count())
        .withFirstTimestamp(told.first().toString())
        .withLastTimestamp(told.last().toString())
        .withNewSource()
        .withComponent("dunlin-agent")
        .withHost(nodeName)
        .endSource()
        .withReportingComponent("dunlin-agent")
        .withReportingInstance(nodeName)
        .build();
  }
}
