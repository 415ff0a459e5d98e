package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * What a failed run means; the first rule that fits decides, else it counts against backoffLimit.
 */
public record FailurePolicy(
    @JsonPropertyDescription("In order.") @Required @Size(min = 1, max = 20)
        List<FailureRule> rules) {
  public FailurePolicy {
    rules = Lists.copy(rules);
  }
}
