package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** One key as one file. */
public record KeyToPath(
    @JsonPropertyDescription("Key in the ConfigMap or Secret.") @Required String key,
    @JsonPropertyDescription("Path of the file below the mount; relative, without '..'.") @Required
        String path) {}
