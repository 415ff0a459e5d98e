package dev.dunlin.agent.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.engine.PacedOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes guests' output as one JSON object a line, and has it kept on the disk. What exceeds an
 * app's rate, or what the reader of the agent's output does not take in time, is dropped and
 * counted. Nobody waits for the log: the guests of an app are held back only when they write many
 * times what its log takes, since even to drop a line costs the agent time.
 */
public final class GuestLog implements AutoCloseable {
  private static final int QUEUED_LINES = 8_192;
  private static final long QUEUED_BYTES = 8 << 20;
  private static final String AGENT = "agent"; // the stream of what it says itself
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
  private final LogStore store;
  private final Dropped dropped;
  private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUED_LINES);
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Map<AppKey, AppOutput> apps = new ConcurrentHashMap<>();
  private final Thread writer;

  public GuestLog(
      LogLimits limits, Clock clock, OutputStream out, LogStore store, Dropped dropped) {
    this.limits = limits;
    this.clock = clock;
    this.out = out;
    this.store = store;
    this.dropped = dropped;
    this.writer = Thread.ofPlatform().daemon().name("guest-log").start(this::writeQueue);
  }

  /** Where a run that begins now writes; close both streams to flush their last lines. */
  public RunOutput begin(GuestRun run) {
    AppOutput app =
        apps.computeIfAbsent(new AppKey(run.namespace(), run.app()), key -> new AppOutput(limits));
    RunLog kept = store.begin(run);
    var open = new AtomicInteger(2);
    Runnable closed =
        () -> {
          if (open.decrementAndGet() == 0) {
            kept.end();
          }
        };
    return new RunOutput(
        stream(app, source(run, "stdout"), kept, closed),
        stream(app, source(run, "stderr"), kept, closed));
  }

  private static GuestStream source(GuestRun run, String stream) {
    return new GuestStream(run.namespace(), run.app(), run.instance(), stream);
  }

  private OutputStream stream(AppOutput app, GuestStream source, RunLog kept, Runnable closed) {
    var splitter =
        new LineSplitter(
            limits.maxLineBytes(), (line, whole) -> accept(app, source, kept, line, whole), closed);
    return new PacedOutput(splitter, app.pace());
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
    String text = lines + " lines of output dropped: the app writes more than " + limits.text();
    store.note(key.namespace(), instance, AGENT, text);
    offer(
        json(clock.instant(), new GuestStream(key.namespace(), key.app(), instance, AGENT), text));
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

  private void accept(AppOutput app, GuestStream source, RunLog kept, String line, boolean whole) {
    Instant now = clock.instant();
    if (!app.admitsLine(line.length())) {
      app.lost(source.instance());
      return;
    }
    byte[] json = json(now, source, line);
    boolean admitted = app.admitsBytes(json.length); // a character can be six bytes of JSON
    if (admitted) {
      kept.line(now, source.stream(), line, whole);
    }
    if (!admitted || !offer(json)) {
      app.lost(source.instance());
    }
  }

  private boolean offer(byte[] line) {
    if (queuedBytes.addAndGet(line.length) <= QUEUED_BYTES && queue.offer(line)) {
      return true;
    }
    queuedBytes.addAndGet(-line.length);
    return false;
  }

  private static byte[] json(Instant time, GuestStream source, String message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("time", time.toString());
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
