package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes and owns a HorizontalPodAutoscaler named like the app, with the metrics that the agents
 * report; {@code replicas} is the autoscaler's from then on.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
    fieldPath = ".minReplicas",
    message = "may not be above maxReplicas")
public record Autoscaling(
    @JsonPropertyDescription(
            "Instances at least. 0: none while there are no requests for http.idleAfterSeconds; the next request brings one back and is answered by it.")
        @Default("1")
        @Min(0)
        @Max(10000)
        Integer minReplicas,
    @JsonPropertyDescription("Instances at most.") @Required @Min(1) @Max(10000)
        Integer maxReplicas,
    @JsonPropertyDescription("What the instances are counted by: the largest answer wins.")
        @Required
        @Size(min = 1, max = 4)
        List<AutoscalingMetric> metrics,
    @JsonPropertyDescription("How fast, as in a HorizontalPodAutoscaler.")
        @Nullable ScalingBehavior behavior) {
  public Autoscaling {
    minReplicas = minReplicas == null ? 1 : minReplicas;
    metrics = Lists.copy(metrics);
  }
}
