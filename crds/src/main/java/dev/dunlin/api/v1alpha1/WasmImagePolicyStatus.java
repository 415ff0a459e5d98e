package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be said of a policy. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmImagePolicyStatus(
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Ready: whether each of its keys can be read.")
        List<Condition> conditions) {
  public WasmImagePolicyStatus {
    conditions = Lists.copy(conditions);
  }
}
