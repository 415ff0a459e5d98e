package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** What may be taken away on purpose, by drains, at one time; as a PodDisruptionBudget. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Disruption(
    @JsonPropertyDescription(
            "Instances that may be unavailable at once by drains: a number, or a share as 25% (rounded up).")
        @ValidationRule(value = Rules.COUNT_OR_PERCENT, message = Rules.COUNT_OR_PERCENT_MESSAGE)
        @Nullable IntOrString maxUnavailable) {}
