package dev.dunlin.agent.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last lines of each instance on the disk. One thread writes: what has come since its
 * last look at once, file by file, with no file open in between.
 */
public final class LogStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogStore.class);
  private static final long QUEUED_BYTES = 8 << 20;
  private static final int QUEUED_LINES = 16_384;
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final LogFolders folders;
  private final LogDisk limits;
  private final Clock clock;
  private final Map<String, InstanceLog> logs = new ConcurrentHashMap<>(); // by uid
  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong queuedLines = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final LogWriter writer;
  private final Thread thread;

  private sealed interface Entry {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares lines
  private record Line(InstanceLog log, int run, byte[] bytes) implements Entry {}

  private record Begun(InstanceLog log, int run) implements Entry {}

  private record Ended(InstanceLog log, int run) implements Entry {}

  private record Gone(InstanceLog log) implements Entry {}

  private record Close() implements Entry {}

  /** Goes on with what is there. */
  public LogStore(LogFolders folders, LogDisk limits, Clock clock) throws IOException {
    this.folders = folders;
    this.limits = limits;
    this.clock = clock;
    this.writer = new LogWriter(folders, limits, clock, dropped::addAndGet);
    for (InstanceLog found : folders.find()) {
      logs.put(found.uid(), found);
    }
    writer.count(logs.values());
    thread = Thread.ofPlatform().daemon().name("log-store").start(this::writeQueue);
  }

  /** A run begins; of those before it only the last is kept. */
  RunLog begin(GuestRun source) {
    InstanceLog of =
        logs.computeIfAbsent(
            source.uid(),
            uid ->
                new InstanceLog(
                    source.namespace(),
                    source.instance(),
                    uid,
                    folders.of(source.namespace(), source.instance(), uid),
                    List.of()));
    int run = of.beginRun();
    queue.add(new Begun(of, run));
    return new RunLog(this, of, run);
  }

  /** The log of the present instance of that name, or of the last one there was. */
  public Optional<InstanceLog> find(String namespace, String instance) {
    return logs.values().stream()
        .filter(it -> it.instance().equals(instance) && it.namespace().equals(namespace))
        .max(Comparator.comparing(InstanceLog::isThere).thenComparingLong(InstanceLog::goneAt));
  }

  /** Has a line written to the present run of that instance, if there is one. */
  void note(String namespace, String instance, String stream, String text) {
    find(namespace, instance)
        .filter(it -> it.run() >= 0)
        .ifPresent(it -> new RunLog(this, it, it.run()).line(clock.instant(), stream, text, true));
  }

  /** Told which instances there are, every now and then: logs of others go after a while. */
  public void retain(Set<String> uids) {
    long now = System.nanoTime();
    for (InstanceLog it : logs.values()) {
      @Nullable Long since = it.goneSince();
      if (uids.contains(it.uid())) {
        if (since != null) {
          it.setGoneSince(null);
        }
      } else if (since == null) {
        it.setGoneSince(now);
      } else if (now - since > limits.keepGone().toNanos()) {
        queue.add(new Gone(it));
      }
    }
  }

  /** How much of the disk they take. */
  public long bytes() {
    return writer.bytes();
  }

  /** How many there are. */
  public int size() {
    return logs.size();
  }

  /** Lines that the disk did not take. */
  public long dropped() {
    return dropped.get();
  }

  /** Writes what has come, for a moment at the most. */
  @Override
  public void close() {
    queue.add(new Close());
    try {
      if (!thread.join(CLOSING)) {
        log.warn("the disk is slow: the last lines of logs are not kept");
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void offer(InstanceLog to, int run, byte[] line) {
    long lines = queuedLines.incrementAndGet();
    long bytes = queuedBytes.addAndGet(line.length);
    if (lines <= QUEUED_LINES && bytes <= QUEUED_BYTES) {
      queue.add(new Line(to, run, line));
    } else {
      taken(line);
      dropped.incrementAndGet();
    }
  }

  void end(InstanceLog of, int run) {
    queue.add(new Ended(of, run));
  }

  private void writeQueue() {
    var entries = new ArrayList<Entry>();
    try {
      while (true) {
        entries.add(queue.take());
        queue.drainTo(entries);
        if (!tryWrite(entries)) {
          return;
        }
        entries.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryWrite(List<Entry> entries) {
    try {
      return write(entries);
    } catch (RuntimeException | OutOfMemoryError e) {
      // Guests share the heap: that it was full once must not end all logs.
      log.error("lines of logs are lost", e);
      return entries.stream().noneMatch(Close.class::isInstance);
    }
  }

  /** False when it was told to end. */
  private boolean write(List<Entry> entries) {
    Map<RunKey, ByteArrayOutputStream> lines = new LinkedHashMap<>();
    boolean open = true;
    for (Entry entry : entries) {
      switch (entry) {
        case Line(var to, var run, var bytes) -> {
          taken(bytes);
          lines
              .computeIfAbsent(new RunKey(to, run), key -> new ByteArrayOutputStream())
              .writeBytes(bytes);
        }
        case Begun(var of, var run) -> writer.forget(of, s -> s.run() < run - 1);
        case Ended(var of, var run) -> {
          @Nullable ByteArrayOutputStream last = lines.remove(new RunKey(of, run));
          if (last != null) {
            writer.append(of, run, last.toByteArray());
          }
          of.runEnded(run);
        }
        case Gone(var of) -> {
          lines.keySet().removeIf(key -> key.log().equals(of));
          if (logs.remove(of.uid(), of)) {
            writer.remove(of);
          }
        }
        case Close() -> open = false;
      }
    }
    lines.forEach((key, bytes) -> writer.append(key.log(), key.run(), bytes.toByteArray()));
    writer.makeRoom(logs.values());
    return open;
  }

  private record RunKey(InstanceLog log, int run) {}

  private void taken(byte[] line) {
    queuedLines.decrementAndGet();
    queuedBytes.addAndGet(-line.length);
  }
}
