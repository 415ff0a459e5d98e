package dev.dunlin.operator.event;

import dev.dunlin.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events that {@code kubectl describe} shows, in a thread of its own. The same
 * Event again is counted, and written again only after a while; when writing cannot keep up, Events
 * are dropped, never passes delayed.
 *
 * <p>The map is owned by the writing thread.
 */
public final class Events implements AutoCloseable {
  public static final String NORMAL = "Normal";
  public static final String WARNING = "Warning";

  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int REMEMBERED = 4096;
  private static final int WAITING = 1000;
  private static final int LONGEST_MESSAGE = 1024;
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<EventKey, Seen> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EventKey, Seen> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("dunlin-events").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  private record Seen(String namespace, String name, int count, Instant writtenAt) {}

  public Events(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Says of an object that something has happened to it. */
  public void say(HasMetadata about, Happening happening) {
    String message = happening.message();
    var key =
        new EventKey(
            about.getKind(),
            Objects.requireNonNullElse(about.getMetadata().getNamespace(), "default"),
            about.getMetadata().getName(),
            String.valueOf(about.getMetadata().getUid()),
            happening.type(),
            happening.reason(),
            message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message);
    writer.execute(() -> write(key));
  }

  private void write(EventKey key) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    @Nullable Seen before = seen.remove(key);
    try {
      if (before == null) seen.put(key, first(key, now));
      else if (before.writtenAt().plus(AGAIN_AFTER).isAfter(now))
        seen.put(
            key,
            new Seen(before.namespace(), before.name(), before.count() + 1, before.writtenAt()));
      else seen.put(key, again(before, before.count() + 1, now));
    } catch (KubernetesClientException e) {
      LOG.warn(
          "Event {} about {} {}/{} could not be written: {}",
          key.reason(),
          key.kind(),
          key.namespace(),
          key.name(),
          e.getMessage());
    }
  }

  private Seen first(EventKey key, Instant now) {
    var event = event(key, now);
    var events = client.v1().events().inNamespace(key.namespace());
    try {
      events.resource(event).create();
      return new Seen(key.namespace(), event.getMetadata().getName(), 1, now);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) throw e;
      @Nullable Event found = events.withName(key.eventName()).get();
      if (found == null) throw e;
      int count = Objects.requireNonNullElse(found.getCount(), 1) + 1;
      return again(new Seen(key.namespace(), key.eventName(), count, now), count, now);
    }
  }

  private Seen again(Seen before, int count, Instant now) {
    client
        .v1()
        .events()
        .inNamespace(before.namespace())
        .withName(before.name())
        .edit(event ->
            new EventBuilder(event).withCount(count).withLastTimestamp(now.toString()).build());
    return new Seen(before.namespace(), before.name(), count, now);
  }

  private static Event event(EventKey key, Instant now) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(key.eventName())
        .withNamespace(key.namespace())
        .endMetadata()
        .withInvolvedObject(
            new ObjectReferenceBuilder()
                .withApiVersion(Api.GROUP + "/" + Api.VERSION)
                .withKind(key.kind())
                .withNamespace(key.kind().equals("WasmNode") ? null : key.namespace())
                .withName(key.name())
                .withUid(key.uid())
                .build())
        .withType(key.type())
        .withReason(key.reason())
        .withMessage(key.message())
        .withCount(1)
        .withFirstTimestamp(now.toString())
        .withLastTimestamp(now.toString())
        .withNewSource()
        .withComponent(Api.MANAGED_BY)
        .endSource()
        .withReportingComponent(Api.GROUP + "/operator")
        .withReportingInstance(Api.MANAGED_BY)
        .build();
  }

  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) writer.shutdownNow();
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
