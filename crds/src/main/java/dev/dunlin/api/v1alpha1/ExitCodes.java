package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A set of exit codes, or all others but 0. */
@ValidationRule(
    value = "self.operator != 'In' || !(0 in self.values)",
    fieldPath = ".values",
    message = "may not have 0 for In: a run that ended with it has not failed")
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
