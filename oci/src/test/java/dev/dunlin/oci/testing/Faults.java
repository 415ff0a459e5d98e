package dev.dunlin.oci.testing;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong, for the requests that a path condition picks. Each fault holds until its times
 * are used up, or {@link #clear()}.
 */
public final class Faults {
  /** A fault that a request may meet. */
  sealed interface Fault {
    /** An answer instead of the real one. */
    @SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
    record Status(int status, @Nullable Integer retryAfterSeconds, String contentType, byte[] body)
        implements Fault {}

    /** The connection ends after so many bytes of body. */
    record Cut(int afterBytes) implements Fault {}

    /** The body has as many bytes, and one of them is another. */
    record WrongBytes() implements Fault {}

    /** The body is shorter, and says so itself. */
    record Truncated(int toBytes) implements Fault {}

    /** Nothing is sent for a while after so many bytes. */
    record Slow(int afterBytes, Duration pause) implements Fault {}

    /** A byte at a time. */
    record Trickle(Duration pause) implements Fault {}

    /** The answer goes elsewhere. */
    record Redirect(String toBase) implements Fault {}

    /** As if the server had not been taught Range. */
    record NoRange() implements Fault {}
  }

  private record Planned(Predicate<String> path, Fault fault, AtomicInteger times) {}

  private final List<Planned> planned = new CopyOnWriteArrayList<>();

  Faults() {}

  /** The next {@code times} requests whose path contains {@code path} get {@code status}. */
  public Faults status(String path, int status, int times) {
    return plan(path, times, new Fault.Status(status, null, "text/plain", new byte[0]));
  }

  /** The next {@code times} requests get 429 and how long to stay away. */
  public Faults tooManyRequests(String path, int retryAfterSeconds, int times) {
    return plan(path, times, new Fault.Status(429, retryAfterSeconds, "text/plain", new byte[0]));
  }

  /** Every request gets 200 and another body. */
  public Faults body(String path, String contentType, String body) {
    return plan(
        path,
        Integer.MAX_VALUE,
        new Fault.Status(
            200, null, contentType, body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** Every request gets a web page. */
  public Faults html(String path) {
    return body(path, "text/html", "<!DOCTYPE html><html><title>Please sign in</title></html>");
  }

  /** The next {@code times} answers break off. */
  public Faults cut(String path, int afterBytes, int times) {
    return plan(path, times, new Fault.Cut(afterBytes));
  }

  /** The next {@code times} answers hold one wrong byte. */
  public Faults wrongBytes(String path, int times) {
    return plan(path, times, new Fault.WrongBytes());
  }

  /** Every answer is a shorter one. */
  public Faults truncated(String path, int toBytes) {
    return plan(path, Integer.MAX_VALUE, new Fault.Truncated(toBytes));
  }

  /** The next {@code times} answers pause midway. */
  public Faults slow(String path, int afterBytes, Duration pause, int times) {
    return plan(path, times, new Fault.Slow(afterBytes, pause));
  }

  /** Every answer comes a byte at a time. */
  public Faults trickle(String path, Duration pause) {
    return plan(path, Integer.MAX_VALUE, new Fault.Trickle(pause));
  }

  /** Every request is sent to the same path at {@code toBase}, {@code http://host:port}. */
  public Faults redirect(String path, String toBase) {
    return plan(path, Integer.MAX_VALUE, new Fault.Redirect(toBase));
  }

  /** Range is ignored. */
  public Faults noRange(String path) {
    return plan(path, Integer.MAX_VALUE, new Fault.NoRange());
  }

  /** All is well again. */
  public void clear() {
    planned.clear();
  }

  private Faults plan(String path, int times, Fault fault) {
    planned.add(new Planned(p -> p.contains(path), fault, new AtomicInteger(times)));
    return this;
  }

  /** The first planned fault for a request, which uses it up once. */
  @Nullable Fault next(String methodAndPath) {
    for (Planned plan : planned) {
      if (plan.path().test(methodAndPath) && plan.times().getAndDecrement() > 0) {
        return plan.fault();
      }
    }
    return null;
  }

  static byte[] withOneWrongByte(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(bytes);
    byte[] wrong = out.toByteArray();
    if (wrong.length > 0) {
      wrong[wrong.length / 2] ^= 1;
    }
    return wrong;
  }
}
