package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One field as one file. */
public record DownwardApiFile(
    @JsonPropertyDescription("Path of the file below the mount; relative, without '..'.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern(Rules.RELATIVE_PATH)
        String path,
    @JsonPropertyDescription(
            "What is in it; metadata.labels and metadata.annotations are whole maps, a KEY=\"VALUE\" a line.")
        @Required
        VolumeFieldSelector fieldRef) {}
