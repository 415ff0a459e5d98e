package dev.dunlin.api.v1alpha1;

/** As a CronJob's. */
public enum ConcurrencyPolicy {
  Allow,
  Forbid,
  Replace
}
