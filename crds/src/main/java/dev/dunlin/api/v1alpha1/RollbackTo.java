package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** An earlier revision that runs instead of the template, until this is taken out again. */
public record RollbackTo(
    @JsonPropertyDescription(
            "Number of the revision, as `kubectl get controllerrevisions` shows it.")
        @Required
        @Min(1)
        Long revision) {}
