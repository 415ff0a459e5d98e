package dev.dunlin.agent.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Whether the other side of a connection keeps up: what it makes us wait for beyond one second for
 * each 500 bytes (as Apache's mod_reqtimeout has it) is a debt, and that has a limit. Used by one
 * thread at a time, looked at by any; times are of {@link System#nanoTime}.
 */
final class Pace {
  private static final long NANOS_A_BYTE = TimeUnit.SECONDS.toNanos(1) / 500;

  private final long mostDebt;

  private volatile boolean waiting;
  private volatile long since;
  private volatile long credit;
  private volatile long debt;

  Pace(Duration mostDebt) {
    this.mostDebt = mostDebt.toNanos();
  }

  /**
   * We wait for the other side.
   *
   * @param bytes what it is to take from us meanwhile
   */
  void begin(long now, int bytes) {
    since = now;
    credit = bytes * NANOS_A_BYTE;
    waiting = true;
  }

  /**
   * It has done its part.
   *
   * @param bytes what it has given us
   */
  void end(long now, int bytes) {
    waiting = false;
    debt = Math.max(0, debt + now - since - credit - bytes * NANOS_A_BYTE);
  }

  boolean isWaiting() {
    return waiting;
  }

  boolean isLost(long now) {
    return waiting && debt + now - since - credit > mostDebt;
  }
}
