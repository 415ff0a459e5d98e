package dev.dunlin.api.v1alpha1;

/** As in a HorizontalPodAutoscaler. */
public enum ScalingPolicySelect {
  Max,
  Min,
  Disabled
}
