package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests: a component by {@code wasi:http}, a WASI command by the CGI convention
 * (WAGI).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpWorkload(
    @JsonPropertyDescription("Port of the app's Service.") @Default("80") @Min(1) @Max(65535)
        Integer port,
    @JsonPropertyDescription(
            "Seconds that one request may take, waiting included; then it is answered 504, or 503 if it was still waiting.")
        @Default("30")
        @Min(1)
        @Max(3600)
        Integer timeoutSeconds,
    @JsonPropertyDescription("Requests that one instance works on at once; more wait their turn.")
        @Default("16")
        @Min(1)
        @Max(1000)
        Integer maxConcurrency,
    @JsonPropertyDescription(Docs.REUSE) @Default("1") @Min(1) @Max(1000000)
        @Nullable Integer reuse)
    implements Workload {
  public static final HttpWorkload DEFAULT = new HttpWorkload(80, 30, 16, null);

  public HttpWorkload {
    port = port == null ? 80 : port;
    timeoutSeconds = timeoutSeconds == null ? 30 : timeoutSeconds;
    maxConcurrency = maxConcurrency == null ? 16 : maxConcurrency;
    // Left out where it says nothing, so that apps from before it was there keep their revision.
    reuse = reuse == null || reuse == 1 ? null : reuse;
  }

  /** How many requests an instance answers before it is thrown away. */
  @JsonIgnore
  public int requestsPerInstance() {
    return reuse == null ? 1 : reuse;
  }
}
