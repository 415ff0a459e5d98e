package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** A share of the requests, for a time. */
public record CanaryStep(
    @JsonPropertyDescription("Requests of a hundred that the new revision answers.")
        @Required
        @Min(0)
        @Max(100)
        Integer weight,
    @JsonPropertyDescription("Seconds until the next step.") @Default("60") @Min(1) @Max(604800)
        Integer pauseSeconds) {
  public CanaryStep {
    pauseSeconds = pauseSeconds == null ? 60 : pauseSeconds;
  }
}
