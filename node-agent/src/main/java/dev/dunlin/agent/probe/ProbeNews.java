package dev.dunlin.agent.probe;

import java.time.Duration;
import java.util.Optional;

/** What the probes of a run say that was not so before. */
public sealed interface ProbeNews {
  /** A probe went badly; whether that has consequences is another piece of news. */
  record Unhealthy(ProbeKind kind, String why) implements ProbeNews {}

  /** It can be given requests. */
  record Ready() implements ProbeNews {}

  /** It cannot be given requests (any more). */
  record Unready(String why) implements ProbeNews {}

  /**
   * It has to be ended, and started anew.
   *
   * @param grace the probe's own; empty: the instance's
   */
  record Kill(ProbeKind kind, String why, Optional<Duration> grace) implements ProbeNews {}
}
