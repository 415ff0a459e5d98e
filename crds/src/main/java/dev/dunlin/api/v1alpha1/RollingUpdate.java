package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** How far a rolling update may leave {@code replicas}, above and below. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.maxSurge) || !has(self.maxUnavailable) || !(string(self.maxSurge) in ['0', '0%'] && string(self.maxUnavailable) in ['0', '0%'])",
    message = "may not have both maxSurge and maxUnavailable at 0")
public record RollingUpdate(
    @JsonPropertyDescription("Instances above replicas: a number, or a share as 25% (rounded up).")
        @Default("\"25%\"")
        @ValidationRule(value = Rules.COUNT_OR_PERCENT, message = Rules.COUNT_OR_PERCENT_MESSAGE)
        @Nullable IntOrString maxSurge,
    @JsonPropertyDescription(
            "Instances below replicas: a number, or a share as 25% (rounded down).")
        @Default("\"25%\"")
        @ValidationRule(value = Rules.COUNT_OR_PERCENT, message = Rules.COUNT_OR_PERCENT_MESSAGE)
        @Nullable IntOrString maxUnavailable) {}
