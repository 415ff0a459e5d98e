package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** What a new revision may be like at the worst, over a step's requests. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryAnalysis(
    @JsonPropertyDescription("Answers of a hundred that may be errors of the server (5xx).")
        @Min(0)
        @Max(100)
        @Nullable Integer maxErrorPercent,
    @JsonPropertyDescription("Milliseconds that 95 of 100 answers may take at the most.")
        @Min(1)
        @Max(3600000)
        @Nullable Integer maxLatencyP95Milliseconds,
    @JsonPropertyDescription(
            "Requests that the new revision has to have answered until it is judged.")
        @Default("20")
        @Min(1)
        @Max(1000000)
        Integer minRequests) {
  public CanaryAnalysis {
    minRequests = minRequests == null ? 20 : minRequests;
  }
}
