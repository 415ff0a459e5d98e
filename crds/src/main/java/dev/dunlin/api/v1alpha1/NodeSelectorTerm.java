package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Requirements that have all to be met; none of them: matches nothing. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
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
