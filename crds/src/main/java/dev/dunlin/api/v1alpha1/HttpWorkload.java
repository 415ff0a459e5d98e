package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests: a component by {@code wasi:http}, a WASI command by the CGI convention
 * (WAGI).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.maxRequestBody) || isQuantity(string(self.maxRequestBody)) && quantity(string(self.maxRequestBody)).isGreaterThan(quantity('0'))",
    fieldPath = ".maxRequestBody",
    message = "must be a quantity of bytes above 0, e.g. 10Mi")
@ValidationRule(
    value =
        "!has(self.maxResponseBody) || isQuantity(string(self.maxResponseBody)) && quantity(string(self.maxResponseBody)).isGreaterThan(quantity('0'))",
    fieldPath = ".maxResponseBody",
    message = "must be a quantity of bytes above 0, e.g. 10Mi")
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
        @Nullable Integer reuse,
    @JsonPropertyDescription(Docs.IDLE_AFTER) @Min(1) @Max(86400)
        @Nullable Integer idleAfterSeconds,
    @JsonPropertyDescription(Docs.MAX_QUEUED) @Min(0) @Max(100000) @Nullable Integer maxQueued,
    @JsonPropertyDescription(Docs.MAX_REQUEST_BODY) @Nullable Quantity maxRequestBody,
    @JsonPropertyDescription(Docs.MAX_RESPONSE_BODY) @Nullable Quantity maxResponseBody,
    @JsonPropertyDescription("Where the app is reached from outside the cluster.")
        @Nullable Route route)
    implements Workload {
  public static final HttpWorkload DEFAULT = new HttpWorkload(80, 30, 16, null);

  /** One that leaves idleness, bounds and routes to their defaults. */
  public HttpWorkload(
      Integer port, Integer timeoutSeconds, Integer maxConcurrency, @Nullable Integer reuse) {
    this(port, timeoutSeconds, maxConcurrency, reuse, null, null, null, null, null);
  }

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
