package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two revisions share the app's port on each agent that serves it; requests are split by weight.
 * After the last step the new revision is rolled out wholly.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Canary(
    @JsonPropertyDescription("One after the other; paused: true stays at the present one.")
        @Required
        @Size(min = 1, max = 32)
        List<CanaryStep> steps,
    @JsonPropertyDescription(
            "When the new revision counts as bad, so that the old one gets all requests again; unset: never by itself.")
        @Nullable CanaryAnalysis analysis) {
  public Canary {
    steps = Lists.copy(steps);
  }
}
