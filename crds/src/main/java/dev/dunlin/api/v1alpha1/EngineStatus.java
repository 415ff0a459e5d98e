package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** An agent's engine. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EngineStatus(
    @JsonPropertyDescription("jvm or native.") @Required String name,
    @JsonPropertyDescription("Version of the engine's library.") @Required String version,
    @JsonPropertyDescription("What it runs, e.g. wasi:p1, component.") List<String> features) {
  public EngineStatus {
    features = Lists.copy(features);
  }
}
