package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** How a run ended. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Termination(
    @JsonPropertyDescription(
            "Completed, Error, Trap, OutOfMemory, DeadlineExceeded, CPUTimeExceeded or Stopped.")
        @Required
        String reason,
    @JsonPropertyDescription("Exit code, where the guest gave one.") @Nullable Integer exitCode,
    @JsonPropertyDescription("What happened, for people.") @Nullable String message,
    @JsonPropertyDescription("RFC 3339.") @Nullable String startedAt,
    @JsonPropertyDescription("RFC 3339.") @Nullable String finishedAt) {}
