package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** A set of exit codes, or all others but 0. */
public record ExitCodes(
    @JsonPropertyDescription("In or NotIn.") @Required SetOperator operator,
    @JsonPropertyDescription("Exit codes; 0 is none of a failed run.")
        @Required
        @Size(min = 1, max = 255)
        List<@Min(0) @Max(255) Integer> values) {
  public ExitCodes {
    values = Lists.copy(values);
  }
}
