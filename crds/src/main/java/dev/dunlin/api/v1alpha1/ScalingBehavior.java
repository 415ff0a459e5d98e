package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** As in a HorizontalPodAutoscaler. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScalingBehavior(
    @JsonPropertyDescription("Unset: as the cluster has it (at once, doubling or by 4).")
        @Nullable ScalingRules scaleUp,
    @JsonPropertyDescription("Unset: as the cluster has it (after 5 minutes).")
        @Nullable ScalingRules scaleDown) {}
