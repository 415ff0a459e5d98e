package dev.dunlin.api.v1alpha1;

/** As in a HorizontalPodAutoscaler; {@code Pods} are instances. */
public enum ScalingPolicyType {
  Pods,
  Percent
}
