package dev.dunlin.api.v1alpha1;

/** As in a Job's podFailurePolicy. */
public enum FailureAction {
  FailJob,
  Ignore,
  Count
}
