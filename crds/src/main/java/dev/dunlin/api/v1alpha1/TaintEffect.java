package dev.dunlin.api.v1alpha1;

/** As in Kubernetes. */
public enum TaintEffect {
  NoSchedule,
  PreferNoSchedule,
  NoExecute
}
