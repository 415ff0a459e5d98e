package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As a Pod's node affinity. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeAffinity(
    @JsonPropertyDescription("Only nodes that match one of these terms.")
        @Nullable NodeSelector requiredDuringSchedulingIgnoredDuringExecution,
    @JsonPropertyDescription("Rather nodes that match these terms, by their weights.")
        @Size(max = 32)
        List<PreferredSchedulingTerm> preferredDuringSchedulingIgnoredDuringExecution) {
  public NodeAffinity {
    preferredDuringSchedulingIgnoredDuringExecution =
        Lists.copy(preferredDuringSchedulingIgnoredDuringExecution);
  }
}
