package dev.dunlin.api.v1alpha1;

/** As in Kubernetes. */
public enum NodeSelectorOperator {
  In,
  NotIn,
  Exists,
  DoesNotExist,
  Gt,
  Lt
}
