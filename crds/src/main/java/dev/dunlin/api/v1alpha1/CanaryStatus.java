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
    @JsonPropertyDescription("Whether all steps are behind it: it is rolled out wholly.")
        @Nullable Boolean promoted,
    @JsonPropertyDescription("What it was judged by: answers, errors, latency.")
        @Nullable String message) {
  /** One that waits until it is ready everywhere. */
  public static CanaryStatus starting(String revision) {
    return new CanaryStatus(revision, null, 0, null, null, null, null);
  }

  /** One at a step, counted from 0. */
  public static CanaryStatus at(String revision, int step, int weight, String stepTime) {
    return new CanaryStatus(revision, step, weight, stepTime, null, null, null);
  }

  /** The same, found bad. */
  public CanaryStatus failed(String figures) {
    return new CanaryStatus(revision, step, 0, stepTime, true, null, figures);
  }

  /** The same with all steps behind it. */
  public CanaryStatus promotedWholly() {
    return new CanaryStatus(revision, step, weight, stepTime, null, true, null);
  }

  /** Whether it speaks of that revision. */
  public boolean isOf(String other) {
    return other.equals(revision);
  }
}
