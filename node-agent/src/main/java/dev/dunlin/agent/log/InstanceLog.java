package dev.dunlin.agent.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The log of one instance: its runs, counted from 0, each in a row of files. An idle one is this
 * object and no open file.
 */
public final class InstanceLog {
  private final String namespace;
  private final String instance;
  private final String uid;
  private final Path folder;
  private final AtomicInteger run;

  /** Replaced by the store's thread alone. */
  private volatile List<Segment> segments;

  /** The last run whose output has ended; written by the store's thread alone. */
  private volatile int ended;

  /** When it was first missed, by System.nanoTime; null while its instance is there. */
  private volatile @Nullable Long goneSince;

  /** Guarded by this. */
  private long version;

  InstanceLog(String namespace, String instance, String uid, Path folder, List<Segment> segments) {
    this.namespace = namespace;
    this.instance = instance;
    this.uid = uid;
    this.folder = folder;
    this.segments = List.copyOf(segments);
    int last = segments.stream().mapToInt(Segment::run).max().orElse(-1);
    this.run = new AtomicInteger(last);
    this.ended = last;
  }

  String namespace() {
    return namespace;
  }

  String instance() {
    return instance;
  }

  String uid() {
    return uid;
  }

  Path folder() {
    return folder;
  }

  /** The present run, or the last one there was; -1 before the first. */
  int run() {
    return run.get();
  }

  int beginRun() {
    return run.incrementAndGet();
  }

  boolean hasEnded(int which) {
    return which <= ended || which < run.get() || goneSince != null;
  }

  List<Segment> segments() {
    return segments;
  }

  List<Segment> segments(int ofRun) {
    return segments.stream().filter(s -> s.run() == ofRun).toList();
  }

  long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  @Nullable Long goneSince() {
    return goneSince;
  }

  boolean isThere() {
    return goneSince == null;
  }

  /** The same in an order; 0 while it is there. */
  long goneAt() {
    @Nullable Long since = goneSince;
    return since == null ? 0 : since;
  }

  void setGoneSince(@Nullable Long when) {
    goneSince = when;
    changed();
  }

  Segment addSegment(int ofRun) {
    int number = segments.isEmpty() ? 0 : segments.getLast().number() + 1;
    var added = new Segment(folder, ofRun, number);
    var all = new ArrayList<>(segments);
    all.add(added);
    all.sort(Segment.IN_ORDER);
    segments = List.copyOf(all);
    return added;
  }

  void removeSegments(Predicate<Segment> which) {
    segments = segments.stream().filter(which.negate()).toList();
  }

  void runEnded(int which) {
    ended = Math.max(ended, which);
    changed();
  }

  synchronized void changed() {
    version++;
    notifyAll();
  }

  synchronized long version() {
    return version;
  }

  /** Waits until it is not any more what it was at {@code seen}. */
  synchronized void awaitChangeSince(long seen) throws InterruptedException {
    while (version == seen) {
      wait();
    }
  }
}
