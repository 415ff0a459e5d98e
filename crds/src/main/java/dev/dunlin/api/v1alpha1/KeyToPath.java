package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key as one file. */
public record KeyToPath(
    @JsonPropertyDescription("Key in the ConfigMap or Secret.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @Pattern(Rules.KEY_PATTERN)
        String key,
    @JsonPropertyDescription("Path of the file below the mount; relative, without '..'.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern(Rules.RELATIVE_PATH)
        String path) {}
