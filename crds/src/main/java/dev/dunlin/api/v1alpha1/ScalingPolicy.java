package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** As in a HorizontalPodAutoscaler. */
public record ScalingPolicy(
    @JsonPropertyDescription("Pods (instances) or Percent.") @Required ScalingPolicyType type,
    @JsonPropertyDescription("How many.") @Required @Min(1) Integer value,
    @JsonPropertyDescription("In how many seconds.") @Required @Min(1) @Max(1800)
        Integer periodSeconds) {}
