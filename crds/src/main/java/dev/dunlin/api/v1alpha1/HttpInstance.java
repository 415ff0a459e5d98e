package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** How an agent serves one http instance. Instances of one app on one agent share the port. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpInstance(
    @JsonPropertyDescription("The app's port on every agent.") @Required @Min(1) @Max(65535)
        Integer port,
    @JsonPropertyDescription("Seconds that one request may take.") @Required @Min(1) @Max(3600)
        Integer timeoutSeconds,
    @JsonPropertyDescription("Requests at once.") @Required @Min(1) @Max(1000)
        Integer maxConcurrency,
    @JsonPropertyDescription(Docs.REUSE) @Default("1") @Min(1) @Max(1000000) Integer reuse,
    @JsonPropertyDescription(Docs.IDLE_AFTER) @Min(1) @Max(86400)
        @Nullable Integer idleAfterSeconds,
    @JsonPropertyDescription(Docs.MAX_QUEUED) @Min(0) @Max(100000) @Nullable Integer maxQueued,
    @JsonPropertyDescription(Docs.MAX_REQUEST_BODY) @Nullable Quantity maxRequestBody,
    @JsonPropertyDescription(Docs.MAX_RESPONSE_BODY) @Nullable Quantity maxResponseBody) {
  /** One that leaves idleness and bounds to their defaults. */
  public HttpInstance(Integer port, Integer timeoutSeconds, Integer maxConcurrency, Integer reuse) {
    this(port, timeoutSeconds, maxConcurrency, reuse, null, null, null, null);
  }

  public HttpInstance {
    reuse = reuse == null ? 1 : reuse;
  }
}
