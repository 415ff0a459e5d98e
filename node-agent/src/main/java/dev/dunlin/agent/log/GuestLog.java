package dev.dunlin.agent.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.engine.PacedOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes guests' output as one JSON object a line. What exceeds an app's rate, or what the reader
 * of the agent's output does not take in time, is dropped and counted. Nobody waits for the log: a
 * guest is held back only when it writes many times what its log takes, since even to drop a line
 * costs the agent time.
 */
public final class GuestLog implements AutoCloseable {
  private static final int QUEUED_LINES = 8_192;
  private static final long QUEUED_BYTES = 8 << 20;
  private static final long PACE_BYTES = 8 << 20; // a second, of a stream; and at once
  private static final byte[] END = new byte[0]; // no line is empty
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Told of dropped lines, once a report. */
  public interface Dropped {
    void lines(String namespace, String app, String instance, long count);
  }

  private record AppKey(String namespace, String app) {}

  private final LogLimits limits;
  private final Clock clock;
  private final OutputStream out;
  private final Dropped dropped;
  private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUED_LINES);
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Map<AppKey, AppOutput> apps = new ConcurrentHashMap<>();
  private final Thread writer;

  public GuestLog(LogLimits limits, Clock clock, OutputStream out, Dropped dropped) {
    this.limits = limits;
    this.clock = clock;
    this.out = out;
    this.dropped = dropped;
    this.writer = Thread.ofPlatform().daemon().name("guest-log").start(this::writeQueue);
  }

  /** A stream whose lines appear in the log under {@code source}; close it to flush its last. */
  public OutputStream open(GuestStream source) {
    AppOutput app =
        apps.computeIfAbsent(
            new AppKey(source.namespace(), source.app()), key -> new AppOutput(limits));
    return new PacedOutput(
        new LineSplitter(limits.maxLineBytes(), line -> accept(app, source, line)),
        PACE_BYTES,
        PACE_BYTES);
  }

  /** Forgets the rate of an app that has no instance here any more. */
  public void forget(String namespace, String app) {
    apps.remove(new AppKey(namespace, app));
  }

  /** Reports what has been dropped since the last report; called every few seconds. */
  public void reportDropped() {
    apps.forEach((key, output) ->
        output.takeLost().forEach((instance, lines) -> report(key, instance, lines)));
  }

  private void report(AppKey key, String instance, long lines) {
    dropped.lines(key.namespace(), key.app(), instance, lines);
    offer(
        json(
            new GuestStream(key.namespace(), key.app(), instance, "agent"),
            lines + " lines of output dropped: the app writes more than " + limits.text()));
  }

  public LogLimits limits() {
    return limits;
  }

  /** Writes what is queued, for a moment at the most. */
  @Override
  public void close() {
    reportDropped();
    try {
      if (queue.offer(END, 1, TimeUnit.SECONDS)) {
        writer.join(1_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(AppOutput app, GuestStream source, String line) {
    if (!app.admitsLine(line.length()) || !writes(app, json(source, line))) {
      app.lost(source.instance());
    }
  }

  // What a character is in JSON can be six bytes.
  private boolean writes(AppOutput app, byte[] json) {
    return app.admitsBytes(json.length) && offer(json);
  }

  private boolean offer(byte[] line) {
    if (queuedBytes.addAndGet(line.length) <= QUEUED_BYTES && queue.offer(line)) {
      return true;
    }
    queuedBytes.addAndGet(-line.length);
    return false;
  }

  private byte[] json(GuestStream source, String message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("time", clock.instant().toString());
    fields.put("namespace", source.namespace());
    fields.put("app", source.app());
    fields.put("instance", source.instance());
    fields.put("stream", source.stream());
    fields.put("message", message);
    try {
      return (JSON.writeValueAsString(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a map of strings is always JSON", impossible);
    }
  }

  private void writeQueue() {
    boolean readerGone = false;
    try {
      for (byte[] line = queue.take(); line.length > 0; line = queue.take()) {
        queuedBytes.addAndGet(-line.length);
        readerGone = readerGone || !write(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when standard output is gone: there is nobody left to tell, and the guests go on. */
  private boolean write(byte[] line) {
    try {
      out.write(line);
      if (queue.isEmpty()) {
        out.flush();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
