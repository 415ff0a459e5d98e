package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/** Labels that an object must have; all that is said holds. An empty one selects everything. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabelSelector(
    @JsonPropertyDescription("Labels with their values.") Map<String, String> matchLabels,
    @JsonPropertyDescription("Requirements on labels.") @Size(max = 32)
        List<LabelRequirement> matchExpressions) {
  public LabelSelector {
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchExpressions = Lists.copy(matchExpressions);
  }

  /** Whether an object with those labels is selected. */
  public boolean selects(Map<String, String> labels) {
    return matchLabels.entrySet().stream()
            .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())))
        && matchExpressions.stream().allMatch(it -> it.isMet(labels.get(it.key())));
  }
}
