package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.Reasons;
import java.util.Locale;

/** What a probe is there to find out. */
public enum ProbeKind {
  /** Whether the app has started; the others wait for it. */
  STARTUP(Reasons.STARTUP_PROBE_FAILED),
  /** Whether the app can be given requests. */
  READINESS(Reasons.READINESS_PROBE_FAILED),
  /** Whether the app lives, or has to be started anew. */
  LIVENESS(Reasons.LIVENESS_PROBE_FAILED);

  private final String failed;

  ProbeKind(String failed) {
    this.failed = failed;
  }

  /** Reason of what its failing brings about. */
  public String failed() {
    return failed;
  }

  /** {@code startup}, {@code readiness} or {@code liveness}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
