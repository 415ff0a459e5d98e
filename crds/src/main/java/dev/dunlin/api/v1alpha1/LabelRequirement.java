package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One requirement on a label. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "self.operator in ['Exists', 'DoesNotExist'] ? !has(self.values) || size(self.values) == 0 : has(self.values) && size(self.values) > 0",
    fieldPath = ".values",
    message = "must be given for In and NotIn, and not for Exists and DoesNotExist")
public record LabelRequirement(
    @JsonPropertyDescription("The label.") @Required @Size(min = 1, max = 317) String key,
    @JsonPropertyDescription("In, NotIn, Exists or DoesNotExist.") @Required LabelOperator operator,
    @JsonPropertyDescription("What the operator compares with.") @Size(max = 64)
        List<@Size(max = Rules.LABEL) String> values) {
  public LabelRequirement {
    values = Lists.copy(values);
  }

  boolean isMet(@Nullable String label) {
    return switch (operator) {
      case In -> label != null && values.contains(label);
      case NotIn -> label == null || !values.contains(label);
      case Exists -> label != null;
      case DoesNotExist -> label == null;
    };
  }
}
