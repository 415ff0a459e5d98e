package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A job's runs. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobStatus(
    @JsonPropertyDescription("Runs under way.") Integer active,
    @JsonPropertyDescription("Runs that ended with exit code 0.") Integer succeeded,
    @JsonPropertyDescription("Runs that ended otherwise.") Integer failed,
    @JsonPropertyDescription("When the job began, RFC 3339.") @Nullable String startTime,
    @JsonPropertyDescription("When the job ended, RFC 3339.") @Nullable String completionTime,
    @JsonPropertyDescription("Numbers of the runs that succeeded, e.g. 0-2,5.")
        @Nullable String succeededRuns,
    @JsonPropertyDescription("Numbers of the runs that failed or were lost.")
        @Nullable String failedRuns,
    @JsonPropertyDescription(
            "Numbers of the runs that count neither way: stopped because the job was suspended or its parallelism lowered, or by a rule of failurePolicy.")
        @Nullable String ignoredRuns,
    @JsonPropertyDescription("Which of the completions are done (Indexed), e.g. 0-2,5.")
        @Nullable String completedIndexes,
    @JsonPropertyDescription("Failures since the last run that succeeded; the wait grows with it.")
        @Nullable Integer failuresInARow,
    @JsonPropertyDescription("When a run last failed, RFC 3339; the wait begins there.")
        @Nullable String lastFailureTime) {}
