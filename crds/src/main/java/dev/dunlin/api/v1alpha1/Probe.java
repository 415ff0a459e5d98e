package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How an instance is asked whether it started, is ready or lives; as a Pod's probe. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "(has(self.httpGet) ? 1 : 0) + (has(self.file) ? 1 : 0) == 1",
    message = "must have exactly one of httpGet and file")
public record Probe(
    @JsonPropertyDescription(
            "A request to the app's own handler; good from 200 to 399 (http apps).")
        @Nullable HttpGetProbe httpGet,
    @JsonPropertyDescription(
            "A file that the guest makes in a mounted volume; good while it is there (workers).")
        @Nullable FileProbe file,
    @JsonPropertyDescription("Seconds after the start before the first probe.")
        @Default("0")
        @Min(0)
        @Max(86400)
        Integer initialDelaySeconds,
    @JsonPropertyDescription("Seconds between two probes.") @Default("10") @Min(1) @Max(86400)
        Integer periodSeconds,
    @JsonPropertyDescription("Seconds that one probe may take.") @Default("1") @Min(1) @Max(3600)
        Integer timeoutSeconds,
    @JsonPropertyDescription("Good probes in a row after a bad one; 1 for startup and liveness.")
        @Default("1")
        @Min(1)
        @Max(1000)
        Integer successThreshold,
    @JsonPropertyDescription("Bad probes in a row until it counts as failed.")
        @Default("3")
        @Min(1)
        @Max(1000)
        Integer failureThreshold,
    @JsonPropertyDescription(
            "Instead of the app's terminationGracePeriodSeconds, where a liveness or startup probe ends the run.")
        @Min(1)
        @Max(86400)
        @Nullable Integer terminationGracePeriodSeconds) {
  public Probe {
    initialDelaySeconds = initialDelaySeconds == null ? 0 : initialDelaySeconds;
    periodSeconds = periodSeconds == null ? 10 : periodSeconds;
    timeoutSeconds = timeoutSeconds == null ? 1 : timeoutSeconds;
    successThreshold = successThreshold == null ? 1 : successThreshold;
    failureThreshold = failureThreshold == null ? 3 : failureThreshold;
  }
}
