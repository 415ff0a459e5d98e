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
        @Nullable String failedRuns) {}
