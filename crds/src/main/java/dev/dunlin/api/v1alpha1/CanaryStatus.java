package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How far a canary is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryStatus(
    @JsonPropertyDescription("The revision that is tried, or was found bad.")
        @Nullable String revision,
    @JsonPropertyDescription("The present step, counted from 0.") @Nullable Integer step,
    @JsonPropertyDescription("Requests of a hundred that it answers now.") @Nullable Integer weight,
    @JsonPropertyDescription("When the present step began, RFC 3339.") @Nullable String stepTime,
    @JsonPropertyDescription("Whether it was found bad: the old revision has all requests.")
        @Nullable Boolean failed,
    @JsonPropertyDescription("What it was judged by: answers, errors, latency.")
        @Nullable String message) {}
