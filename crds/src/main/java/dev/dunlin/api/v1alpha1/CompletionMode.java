package dev.dunlin.api.v1alpha1;

/** As a Job's. */
public enum CompletionMode {
  NonIndexed,
  Indexed
}
