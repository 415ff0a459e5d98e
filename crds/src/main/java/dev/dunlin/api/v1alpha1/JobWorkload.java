package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** A command that runs to its end, as often as it takes to succeed {@code completions} times. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobWorkload(
    @JsonPropertyDescription("Runs that must succeed.") @Default("1") @Min(1) @Max(10000)
        Integer completions,
    @JsonPropertyDescription("Runs at once at the most; 0: none is started.")
        @Default("1")
        @Min(0)
        @Max(1000)
        Integer parallelism,
    @JsonPropertyDescription("Failed runs that are put up with; one more, and the job has failed.")
        @Default("6")
        @Min(0)
        @Max(1000)
        Integer backoffLimit,
    @JsonPropertyDescription(
            "Seconds from the job's start after which it is stopped and has failed.")
        @Min(1)
        @Max(315360000)
        @Nullable Long activeDeadlineSeconds,
    @JsonPropertyDescription("Seconds after its end when the app is deleted; unset: never.") @Min(0)
        @Nullable Integer ttlSecondsAfterFinished,
    @JsonPropertyDescription(
            "Indexed: each of the runs 0 to completions-1 has to succeed once, and knows its number by the variable JOB_COMPLETION_INDEX.")
        @Default("NonIndexed")
        CompletionMode completionMode,
    @JsonPropertyDescription("Whether no run is started and those under way are stopped.")
        @Nullable Boolean suspend,
    @JsonPropertyDescription("What a failed run means, by exit code or reason.")
        @Nullable FailurePolicy failurePolicy)
    implements Workload {
  public static final JobWorkload DEFAULT =
      new JobWorkload(1, 1, 6, null, null, CompletionMode.NonIndexed, null, null);

  public JobWorkload {
    completionMode = completionMode == null ? CompletionMode.NonIndexed : completionMode;
    completions = completions == null ? 1 : completions;
    parallelism = parallelism == null ? 1 : parallelism;
    backoffLimit = backoffLimit == null ? 6 : backoffLimit;
  }
}
