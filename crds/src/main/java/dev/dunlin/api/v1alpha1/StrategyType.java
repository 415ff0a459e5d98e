package dev.dunlin.api.v1alpha1;

/** As in a Deployment. */
public enum StrategyType {
  RollingUpdate,
  Recreate
}
