package dev.dunlin.agent.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one run of an instance's log once, as a Pod's log is read. Between two looks at what was
 * written it has no file open. Used by one thread.
 */
public final class LogReader {
  private static final int BLOCK = 64 << 10;

  private final InstanceLog log;
  private final LogQuery query;
  private final OutputStream out;
  private final int run;
  private final byte[] since;
  private byte[] block = new byte[BLOCK];
  private int segment = -1;
  private long offset;
  private long allowed;
  private boolean withinLine;

  private LogReader(InstanceLog log, LogQuery query, OutputStream out, int run) {
    this.log = log;
    this.query = query;
    this.out = out;
    this.run = run;
    this.since =
        query
            .since()
            .map(time -> LogLine.time(time).getBytes(StandardCharsets.US_ASCII))
            .orElse(new byte[0]);
    this.allowed = query.limitBytes().orElse(Long.MAX_VALUE);
  }

  /** Whether there was such a run as the query is about. */
  public static boolean has(InstanceLog log, LogQuery query) {
    return runOf(log, query) >= 0;
  }

  /** One for the run that the query is about. */
  public static LogReader of(InstanceLog log, LogQuery query, OutputStream out) {
    return new LogReader(log, query, out, runOf(log, query));
  }

  private static int runOf(InstanceLog log, LogQuery query) {
    return log.run() - (query.previous() ? 1 : 0);
  }

  /**
   * Writes it out; with {@code follow} until the run ends.
   *
   * @throws IOException when its reader, or the disk, fails
   * @throws InterruptedException when its thread is interrupted: nobody reads any more
   */
  public void read() throws IOException, InterruptedException {
    if (query.tailLines().isPresent()) {
      seekTail(query.tailLines().getAsLong());
    }
    while (true) {
      long seen = log.version();
      boolean ended = log.hasEnded(run); // asked first: nothing is written after that
      copyAll();
      if (!query.follow() || ended || allowed <= 0) {
        return;
      }
      out.flush();
      log.awaitChangeSince(seen);
    }
  }

  private void copyAll() throws IOException {
    for (Segment next : log.segments(run)) {
      if (next.number() < segment) {
        continue;
      }
      if (next.number() > segment) {
        segment = next.number();
        offset = 0;
      }
      if (query.since().isEmpty() || !next.isBefore(query.since().get())) {
        copy(next);
      }
    }
  }

  private void copy(Segment from) throws IOException {
    long end = from.bytes();
    if (offset >= end || !Files.exists(from.path())) {
      return;
    }
    try (var file = new RandomAccessFile(from.path().toFile(), "r")) {
      while (offset < end && allowed > 0) {
        file.seek(offset);
        int read = file.read(block, 0, (int) Math.min(block.length, end - offset));
        if (read < 0) {
          return;
        }
        int used = writeLines(read);
        if (used == 0) {
          block = Arrays.copyOf(block, 2 * block.length); // a line that is longer than all of it
        }
        offset += used;
      }
    }
  }

  /** Writes the whole lines at the beginning of the block, and says how much they were of it. */
  private int writeLines(int length) throws IOException {
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (block[i] == '\n') {
        write(from, i);
        from = i + 1;
      }
    }
    return from;
  }

  private void write(int from, int end) throws IOException {
    int tag = LogLine.tag(block, from, end);
    if (tag < 0 || (since.length > 0 && LogLine.isBefore(block, from, since))) {
      return;
    }
    if (query.timestamps() && !withinLine) {
      put(block, from, LogLine.TIME_LENGTH + 1);
    }
    withinLine = block[tag] == 'P';
    int text = tag + 2;
    if (!withinLine) {
      put(block, text, end + 1 - text); // with its end
    } else {
      put(block, text, end - text);
    }
  }

  private void put(byte[] bytes, int from, int count) throws IOException {
    int some = (int) Math.min(count, allowed);
    allowed -= some;
    out.write(bytes, from, some);
  }

  /** Goes to where the last lines begin. */
  private void seekTail(long lines) throws IOException {
    List<Segment> segments = log.segments(run);
    long wanted = lines;
    for (Segment it : segments.reversed()) {
      segment = it.number();
      offset = it.bytes();
      if (!Files.exists(it.path())) {
        continue;
      }
      try (var file = new RandomAccessFile(it.path().toFile(), "r")) {
        wanted = back(file, wanted);
      }
      if (wanted < 0) {
        return;
      }
    }
  }

  /** Moves towards the file's beginning; the lines still wanted there, or -1 if it has them all. */
  private long back(RandomAccessFile file, long lines) throws IOException {
    long wanted = lines;
    long end = offset;
    while (end > 0) {
      int some = (int) Math.min(BLOCK, end);
      file.seek(end - some);
      file.readFully(block, 0, some);
      for (int i = some - 1; i >= 0; i--) {
        if (block[i] == '\n' && wanted-- == 0) {
          offset = end - some + i + 1;
          return -1;
        }
      }
      end -= some;
    }
    offset = 0;
    return wanted;
  }
}
