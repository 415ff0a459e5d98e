package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One key as one file. */
public record KeyToPath(
    @JsonPropertyDescription("Key in the ConfigMap or Secret.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.KEY, message = Rules.KEY_MESSAGE)
        String key,
    @JsonPropertyDescription("Path of the file below the mount; relative, without '..'.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Rules.RELATIVE_PATH, message = Rules.RELATIVE_PATH_MESSAGE)
        String path) {}
