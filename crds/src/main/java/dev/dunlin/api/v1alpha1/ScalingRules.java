package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As in a HorizontalPodAutoscaler. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScalingRules(
    @JsonPropertyDescription("Seconds of past answers that count.") @Min(0) @Max(3600)
        @Nullable Integer stabilizationWindowSeconds,
    @JsonPropertyDescription("Which policy wins: Max, Min or Disabled.")
        @Nullable ScalingPolicySelect selectPolicy,
    @JsonPropertyDescription("How much at a time.") @Size(max = 8) List<ScalingPolicy> policies) {
  public ScalingRules {
    policies = Lists.copy(policies);
  }
}
