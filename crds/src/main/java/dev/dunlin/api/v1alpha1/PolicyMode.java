package dev.dunlin.api.v1alpha1;

/** What becomes of an instance whose image a policy does not let through. */
public enum PolicyMode {
  /** It does not start. */
  Enforce,
  /** It starts, and a condition and an Event say what is wrong. */
  Warn
}
