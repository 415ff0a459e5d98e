package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** How an agent serves one http instance. Instances of one app on one agent share the port. */
public record HttpInstance(
    @JsonPropertyDescription("The app's port on every agent.") @Required @Min(1) @Max(65535)
        Integer port,
    @JsonPropertyDescription("Seconds that one request may take.") @Required @Min(1) @Max(3600)
        Integer timeoutSeconds,
    @JsonPropertyDescription("Requests at once.") @Required @Min(1) @Max(1000)
        Integer maxConcurrency,
    @JsonPropertyDescription(Docs.REUSE) @Default("1") @Min(1) @Max(1000000) Integer reuse) {
  public HttpInstance {
    reuse = reuse == null ? 1 : reuse;
  }
}
