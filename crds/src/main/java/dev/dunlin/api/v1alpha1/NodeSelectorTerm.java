package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Requirements that have all to be met; none of them: matches nothing. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "!has(self.matchFields) || self.matchFields.all(f, f.key == 'metadata.name' && f.operator in ['In', 'NotIn'])",
    fieldPath = ".matchFields",
    message = "matchFields knows metadata.name only, with In and NotIn")
public record NodeSelectorTerm(
    @JsonPropertyDescription("On the node's labels.") @Size(max = 32)
        List<NodeSelectorRequirement> matchExpressions,
    @JsonPropertyDescription("On the node's fields; metadata.name is the only one.") @Size(max = 8)
        List<NodeSelectorRequirement> matchFields) {
  public NodeSelectorTerm {
    matchExpressions = Lists.copy(matchExpressions);
    matchFields = Lists.copy(matchFields);
  }
}
