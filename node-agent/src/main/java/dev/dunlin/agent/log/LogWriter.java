package dev.dunlin.agent.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to the files of logs; by one thread, the store's. */
final class LogWriter {
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);
  private static final long SAY_EVERY_NANOS = 60_000_000_000L;

  private final LogFolders folders;
  private final LogDisk limits;
  private final Clock clock;
  private final LongConsumer dropped;
  private final AtomicLong bytes = new AtomicLong();
  private long saidAt = System.nanoTime() - SAY_EVERY_NANOS;

  /**
   * @param dropped told how many lines the disk did not take
   */
  LogWriter(LogFolders folders, LogDisk limits, Clock clock, LongConsumer dropped) {
    this.folders = folders;
    this.limits = limits;
    this.clock = clock;
    this.dropped = dropped;
  }

  long bytes() {
    return bytes.get();
  }

  void count(Collection<InstanceLog> all) {
    bytes.set(all.stream().mapToLong(InstanceLog::bytes).sum());
  }

  /** Adds whole lines to a run's log. */
  void append(InstanceLog to, int run, byte[] lines) {
    int from = 0;
    while (from < lines.length) {
      Segment segment = open(to, run);
      int end = upTo(lines, from, limits.fileBytes() - segment.bytes());
      if (!write(to, segment, lines, from, end)) {
        dropped.accept(count(lines, from));
        return;
      }
      from = end;
    }
    to.changed();
  }

  /** Removes the log of an instance that is gone. */
  void remove(InstanceLog of) {
    forget(of, segment -> true);
    try {
      folders.delete(of);
    } catch (IOException e) {
      say("the folder of a log stays: " + e);
    }
  }

  /** Removes files of a log. */
  void forget(InstanceLog of, Predicate<Segment> which) {
    List<Segment> going = of.segments().stream().filter(which).toList();
    if (going.isEmpty()) {
      return;
    }
    of.removeSegments(which);
    for (Segment segment : going) {
      bytes.addAndGet(-segment.bytes());
      try {
        folders.delete(segment);
      } catch (IOException e) {
        say("a log's file stays: " + e);
      }
    }
  }

  /** While all together take too much: first what is gone gives way, then who has the most. */
  void makeRoom(Collection<InstanceLog> all) {
    while (bytes.get() > limits.totalBytes()) {
      @Nullable InstanceLog victim =
          all.stream()
              .filter(it -> it.bytes() > 0)
              .max(
                  Comparator.comparing((InstanceLog it) -> !it.isThere())
                      .thenComparingLong(InstanceLog::bytes))
              .orElse(null);
      if (victim == null) {
        return;
      }
      Segment oldest = victim.segments().getFirst();
      forget(victim, oldest::equals);
    }
  }

  private Segment open(InstanceLog to, int run) {
    List<Segment> ofRun = to.segments(run);
    if (!ofRun.isEmpty() && ofRun.getLast().bytes() < limits.fileBytes()) {
      return ofRun.getLast();
    }
    if (ofRun.size() >= limits.files()) {
      int first = ofRun.get(ofRun.size() - limits.files()).number();
      forget(to, segment -> segment.run() == run && segment.number() <= first);
    }
    return to.addSegment(run);
  }

  /** The end of as many lines as there is room for; of one, where there is none. */
  private static int upTo(byte[] lines, int from, long room) {
    if (lines.length - from <= room) {
      return lines.length;
    }
    int end = from;
    do {
      while (lines[end++] != '\n') {}
    } while (end - from < room && end < lines.length);
    return end;
  }

  private boolean write(InstanceLog to, Segment segment, byte[] lines, int from, int end) {
    try {
      folders.create(to);
      try (FileChannel file =
          FileChannel.open(segment.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        var source = ByteBuffer.wrap(lines, from, end - from);
        long at = segment.bytes(); // what was written of a line when the disk was full is no line
        while (source.hasRemaining()) {
          at += file.write(source, at);
        }
      }
      segment.grown(segment.bytes() + end - from, clock.instant());
      bytes.addAndGet(end - from);
      return true;
    } catch (IOException e) {
      say("lines of logs are not kept: " + e);
      return false;
    }
  }

  private static long count(byte[] lines, int from) {
    long count = 0;
    for (int i = from; i < lines.length; i++) {
      count += lines[i] == '\n' ? 1 : 0;
    }
    return count;
  }

  private void say(String what) {
    long now = System.nanoTime();
    if (now - saidAt >= SAY_EVERY_NANOS) {
      saidAt = now;
      log.warn("{}", what);
    }
  }
}
