package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.mock.Store.Change;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One watch: tells of every change of what its selector lets through. An object that comes to match
 * is ADDED, one that ceases to is DELETED, whatever happened to it.
 */
final class Watch {
  private static final Duration BETWEEN_BOOKMARKS = Duration.ofSeconds(10);

  private final Kind kind;
  private final String namespace;
  private final Predicate<JsonNode> selector;
  private final UnaryOperator<ObjectNode> shown;
  private final boolean bookmarks;

  /**
   * @param shown what is sent of an object: itself, or a table of one row
   */
  Watch(
      Kind kind,
      String namespace,
      Predicate<JsonNode> selector,
      UnaryOperator<ObjectNode> shown,
      boolean bookmarks) {
    this.kind = kind;
    this.namespace = namespace;
    this.selector = selector;
    this.shown = shown;
    this.bookmarks = bookmarks;
  }

  /** Writes events until the time is over or the other side has gone (an IOException). */
  void stream(Store.Subscription changes, OutputStream out, Duration atMost)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    long version = 0;
    for (long left = atMost.toNanos(); left > 0; left = end - System.nanoTime()) {
      long wait = Math.min(left, BETWEEN_BOOKMARKS.toNanos());
      Change change = changes.changes().poll(wait, TimeUnit.NANOSECONDS);
      if (change == null) {
        // Also how a client that has gone is noticed.
        if (bookmarks && version > 0) send(bookmark(version), out);
        continue;
      }
      version = change.version();
      Optional<ObjectNode> event = event(change);
      if (event.isPresent()) send(event.get(), out);
    }
  }

  void send(ObjectNode event, OutputStream out) throws IOException {
    out.write(Json.bytes(event));
    out.write('\n');
    out.flush();
  }

  ObjectNode added(ObjectNode object) {
    return event("ADDED", object);
  }

  ObjectNode bookmark(long version) {
    ObjectNode mark = Json.object().put("kind", kind.name()).put("apiVersion", kind.apiVersion());
    mark.putObject("metadata").put("resourceVersion", Long.toString(version));
    ObjectNode event = Json.object().put("type", "BOOKMARK");
    event.set("object", mark);
    return event;
  }

  Optional<ObjectNode> event(Change change) {
    Store.Key key = change.key();
    boolean mine =
        key.group().equals(ApiPath.storageGroup(kind))
            && key.plural().equals(kind.plural())
            && (namespace.isEmpty() || key.namespace().equals(namespace));
    if (!mine) return Optional.empty();
    ObjectNode before = change.before() == null ? null : Events.served(kind, change.before());
    ObjectNode after = change.after() == null ? null : Events.served(kind, change.after());
    boolean was = before != null && selector.test(before);
    boolean is = after != null && selector.test(after);
    if (after != null && is) return Optional.of(event(was ? "MODIFIED" : "ADDED", after));
    if (before == null || !was) return Optional.empty();
    ObjectNode last = before.deepCopy();
    Meta.of(last).put("resourceVersion", Long.toString(change.version()));
    return Optional.of(event("DELETED", last));
  }

  private ObjectNode event(String type, ObjectNode object) {
    ObjectNode event = Json.object().put("type", type);
    event.set("object", shown.apply(object));
    return event;
  }
}
