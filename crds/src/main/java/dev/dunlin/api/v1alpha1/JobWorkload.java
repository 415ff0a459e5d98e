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
    @JsonPropertyDescription("Runs at once at the most.") @Default("1") @Min(1) @Max(1000)
        Integer parallelism,
    @JsonPropertyDescription("Failed runs before the job is given up.")
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
        @Nullable Integer ttlSecondsAfterFinished)
    implements Workload {
  public static final JobWorkload DEFAULT = new JobWorkload(1, 1, 6, null, null);

  public JobWorkload {
    completions = completions == null ? 1 : completions;
    parallelism = parallelism == null ? 1 : parallelism;
    backoffLimit = backoffLimit == null ? 6 : backoffLimit;
  }
}
