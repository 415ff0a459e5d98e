package dev.dunlin.api.v1alpha1;

/**
 * Where an instance stands, in a Pod's words. Pending covers pulling, compiling and waiting to
 * start again.
 */
public enum InstancePhase {
  Pending,
  Running,
  Succeeded,
  Failed
}
