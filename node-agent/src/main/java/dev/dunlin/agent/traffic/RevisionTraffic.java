package dev.dunlin.agent.traffic;

import dev.dunlin.engine.Outbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one revision of an app and what its guests do: counters that only grow, and how
 * many requests there are now.
 */
public final class RevisionTraffic {
  private static final int CLASSES = 5;

  /** From 1xx on; made with the first answer of a class, since most apps have only one or two. */
  private final AtomicReferenceArray<@Nullable AnswerCounts> byClass =
      new AtomicReferenceArray<>(CLASSES);

  private final LongAdder waits = new LongAdder();
  private final LongAdder waitedNanos = new LongAdder();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder cpuNanos = new LongAdder();
  private final LongAdder coldStarts = new LongAdder();
  private final LongAdder coldStartNanos = new LongAdder();
  private final LongAdder restarts = new LongAdder();
  private final Map<TrapKind, LongAdder> traps = new ConcurrentHashMap<>();
  private final Map<Outbound.Call, LongAdder> sent = new ConcurrentHashMap<>();

  /** A request has come; it waits for its turn. */
  public void come() {
    inFlight.incrementAndGet();
    waiting.incrementAndGet();
  }

  /** It has its turn, but waits on: for an instance that was idle. */
  public void waitsOn() {
    waiting.incrementAndGet();
  }

  /** It does not wait for that any more. */
  public void waitedOn(long nanos) {
    waiting.decrementAndGet();
    waitedNanos.add(nanos);
  }

  /** It has its turn, or does not wait for it any more. */
  public void waited(long nanos) {
    waiting.decrementAndGet();
    waits.increment();
    waitedNanos.add(nanos);
  }

  /** It is over, whether it was answered or not. */
  public void gone() {
    inFlight.decrementAndGet();
  }

  /**
   * It was answered.
   *
   * @param status of HTTP
   * @param nanos since it came
   */
  public void answered(int status, long nanos) {
    int at = Math.clamp(status / 100, 1, CLASSES) - 1;
    AnswerCounts counts = byClass.get(at);
    if (counts == null) {
      var first = new AnswerCounts();
      counts =
          byClass.compareAndSet(at, null, first) ? first : Objects.requireNonNull(byClass.get(at));
    }
    counts.add(nanos);
  }

  /** Its guests have used so much time on processors since the last time. */
  public void used(Duration cpu) {
    cpuNanos.add(cpu.toNanos());
  }

  /** An instance that was idle was brought back for a request, in so long. */
  public void coldStart(long nanos) {
    coldStarts.increment();
    coldStartNanos.add(nanos);
  }

  /** An instance was started again. */
  public void restarted() {
    restarts.increment();
  }

  /** A guest was ended for what it did. */
  public void trapped(TrapKind kind) {
    traps.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  /** Its guests have sent requests to other hosts since the last time. */
  public void sent(Outbound more) {
    more.counts()
        .forEach((call, count) -> sent.computeIfAbsent(call, _ -> new LongAdder()).add(count));
  }

  /** How many wait for their turn now. */
  public int waiting() {
    return waiting.get();
  }

  /** How it is now. */
  TrafficReading read(String namespace, String app, String revision, int instances, long memory) {
    var answers = new ArrayList<Answers>(CLASSES);
    for (int i = 0; i < CLASSES; i++) {
      AnswerCounts counts = byClass.get(i);
      answers.add(counts == null ? Answers.NONE : counts.read());
    }
    var trapped = new TreeMap<TrapKind, Long>();
    traps.forEach((kind, count) -> trapped.put(kind, count.sum()));
    var calls = new HashMap<Outbound.Call, Long>();
    sent.forEach((call, count) -> calls.put(call, count.sum()));
    return new TrafficReading(
        namespace,
        app,
        revision,
        answers,
        waits.sum(),
        waitedNanos.sum() / 1e9,
        inFlight.get(),
        waiting.get(),
        cpuNanos.sum() / 1e9,
        memory,
        instances,
        coldStarts.sum(),
        coldStartNanos.sum() / 1e9,
        restarts.sum(),
        trapped,
        new Outbound(calls));
  }
}
