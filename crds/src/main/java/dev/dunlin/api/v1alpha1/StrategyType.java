package dev.dunlin.api.v1alpha1;

/** The first two as in a Deployment. */
public enum StrategyType {
  RollingUpdate,
  Recreate,
  /** The new revision gets a share of the requests that grows by steps (http only). */
  Canary
}
