package dev.dunlin.agent.log;

import java.time.Instant;

/** Where the lines of one run are kept. */
final class RunLog {
  private final LogStore store;
  private final InstanceLog log;
  private final int run;

  RunLog(LogStore store, InstanceLog log, int run) {
    this.store = store;
    this.log = log;
    this.run = run;
  }

  /** Never waits; what the disk does not take in time is dropped and counted. */
  void line(Instant time, String stream, String text, boolean whole) {
    store.offer(log, run, LogLine.of(time, stream, text, whole));
  }

  void end() {
    store.end(log, run);
  }
}
