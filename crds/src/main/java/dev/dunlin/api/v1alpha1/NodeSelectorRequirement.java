package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** One requirement on a label or field. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "self.operator in ['Exists', 'DoesNotExist'] ? !has(self.values) || size(self.values) == 0 : has(self.values) && size(self.values) > 0",
    fieldPath = ".values",
    message = "must be given for In, NotIn, Gt and Lt, and not for Exists and DoesNotExist")
@ValidationRule(
    value =
        "!(self.operator in ['Gt', 'Lt']) || !has(self.values) || (size(self.values) == 1 && self.values[0].matches('^-?[0-9]{1,18}$'))",
    fieldPath = ".values",
    message = "must be one whole number for Gt and Lt")
public record NodeSelectorRequirement(
    @JsonPropertyDescription("Label, or metadata.name in matchFields.")
        @Required
        @Size(min = 1, max = 317)
        String key,
    @JsonPropertyDescription("In, NotIn, Exists, DoesNotExist, Gt or Lt.") @Required
        NodeSelectorOperator operator,
    @JsonPropertyDescription("What the operator compares with.") @Size(max = 64)
        List<@Size(max = Rules.NAME) String> values) {
  public NodeSelectorRequirement {
    values = Lists.copy(values);
  }
}
