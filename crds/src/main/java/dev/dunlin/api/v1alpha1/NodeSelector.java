package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Terms of which one has to match. */
public record NodeSelector(
    @JsonPropertyDescription("One of them has to match.") @Required @Size(min = 1, max = 32)
        List<NodeSelectorTerm> nodeSelectorTerms) {
  public NodeSelector {
    nodeSelectorTerms = Lists.copy(nodeSelectorTerms);
  }
}
