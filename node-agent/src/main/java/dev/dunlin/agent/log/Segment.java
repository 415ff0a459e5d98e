package dev.dunlin.agent.log;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file of a log: {@code RUN.NUMBER.log}. Written by the store's thread alone. */
final class Segment {
  static final Comparator<Segment> IN_ORDER = Comparator.comparingInt(Segment::number);

  private static final Pattern NAME = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.log");

  private final Path path;
  private final int run;
  private final int number;

  /** When it was last written; published by {@code bytes}. */
  private Instant writtenAt;

  /** How much of it are whole lines. */
  private volatile long bytes;

  Segment(Path folder, int run, int number) {
    this(folder.resolve(run + "." + number + ".log"), run, number, 0, Instant.MIN);
  }

  private Segment(Path path, int run, int number, long bytes, Instant writtenAt) {
    this.path = path;
    this.run = run;
    this.number = number;
    this.writtenAt = writtenAt;
    this.bytes = bytes;
  }

  /** One that an agent before has written. */
  static Optional<Segment> found(Path path, long bytes, Instant writtenAt) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    return name.matches()
        ? Optional.of(
            new Segment(
                path,
                Integer.parseInt(name.group(1)),
                Integer.parseInt(name.group(2)),
                bytes,
                writtenAt))
        : Optional.empty();
  }

  Path path() {
    return path;
  }

  int run() {
    return run;
  }

  /** Counted through all runs. */
  int number() {
    return number;
  }

  long bytes() {
    return bytes;
  }

  /** Whether all of it was written before that. */
  boolean isBefore(Instant time) {
    return bytes() == 0 || writtenAt.isBefore(time);
  }

  void grown(long now, Instant at) {
    writtenAt = at.isAfter(writtenAt) ? at : writtenAt; // clocks can be set back
    bytes = now;
  }
}
