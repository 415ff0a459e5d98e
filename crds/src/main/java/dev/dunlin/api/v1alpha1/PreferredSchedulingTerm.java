package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** A term that is liked. */
public record PreferredSchedulingTerm(
    @JsonPropertyDescription("Added to the score of nodes that match.") @Required @Min(1) @Max(100)
        Integer weight,
    @JsonPropertyDescription("What has to match.") @Required NodeSelectorTerm preference) {}
