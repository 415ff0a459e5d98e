package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One run of a job. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobRun(
    @JsonPropertyDescription("When the run is stopped and has failed, RFC 3339; unset: never.")
        @Size(max = 64)
        @Nullable String deadline,
    @JsonPropertyDescription(
            "Which of the job's completions it is (Indexed), as the variable JOB_COMPLETION_INDEX has it.")
        @Min(0)
        @Nullable Integer index) {}
