package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Condition;

/** A condition without its times: what is so, and why. */
record Verdict(String status, String reason, String message) {
  static Verdict yes(String reason, String message) {
    return new Verdict(Condition.TRUE, reason, message);
  }

  static Verdict no(String reason, String message) {
    return new Verdict(Condition.FALSE, reason, message);
  }

  boolean isTrue() {
    return Condition.TRUE.equals(status);
  }
}
