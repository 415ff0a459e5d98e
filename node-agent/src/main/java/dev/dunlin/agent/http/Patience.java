package dev.dunlin.agent.http;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long a connection may go without a request: little before its first, longer between two, and
 * for ever while one is under way. Its state is guarded by itself; times are of {@link
 * System#nanoTime}.
 */
final class Patience {
  /** What is to become of a connection. */
  enum Verdict {
    KEEP,
    /** It has been idle: it ends, unless a request has just come. */
    END,
    /** It was to end and did not: a head that stops half way keeps Helidon (4.5.0) from it. */
    BREAK,
    /** It never sent a request: it is broken. */
    BREAK_SILENT
  }

  private enum Phase {
    NEW,
    ANSWERING,
    IDLE,
    ENDING,
    BROKEN
  }

  private final long requestHeadNanos;
  private final long idleNanos;
  private Phase phase = Phase.NEW;
  private long since;
  private int underWay;

  Patience(Duration requestHead, Duration idle, long now) {
    this.requestHeadNanos = requestHead.toNanos();
    this.idleNanos = idle.toNanos();
    this.since = now;
  }

  /** A request's head has been read; false when it came too late. */
  synchronized boolean begin() {
    if (phase == Phase.BROKEN) {
      return false;
    }
    underWay++;
    phase = Phase.ANSWERING;
    return true;
  }

  /** A request that had begun has been answered. */
  synchronized void end(long now) {
    underWay--;
    if (underWay == 0 && phase == Phase.ANSWERING) {
      phase = Phase.IDLE;
      since = now;
    }
  }

  /** For how long there has been no request; empty while there is one, or it is broken. */
  synchronized OptionalLong idleNanos(long now) {
    return phase == Phase.ANSWERING || phase == Phase.BROKEN
        ? OptionalLong.empty()
        : OptionalLong.of(now - since);
  }

  /** It is broken for another one's sake; false where a request has just come. */
  synchronized boolean giveWay() {
    if (phase == Phase.ANSWERING || phase == Phase.BROKEN) {
      return false;
    }
    phase = Phase.BROKEN;
    return true;
  }

  synchronized Verdict look(long now) {
    long waited = now - since;
    return switch (phase) {
      case NEW ->
          waited > requestHeadNanos
              ? become(Phase.BROKEN, Verdict.BREAK_SILENT, now)
              : Verdict.KEEP;
      case IDLE -> waited > idleNanos ? become(Phase.ENDING, Verdict.END, now) : Verdict.KEEP;
      case ENDING ->
          waited > requestHeadNanos ? become(Phase.BROKEN, Verdict.BREAK, now) : Verdict.KEEP;
      case ANSWERING, BROKEN -> Verdict.KEEP;
    };
  }

  private Verdict become(Phase next, Verdict verdict, long now) {
    phase = next;
    since = now;
    return verdict;
  }
}
