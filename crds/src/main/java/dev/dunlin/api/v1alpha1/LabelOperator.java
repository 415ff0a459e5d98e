package dev.dunlin.api.v1alpha1;

/** As in Kubernetes. */
public enum LabelOperator {
  In,
  NotIn,
  Exists,
  DoesNotExist
}
