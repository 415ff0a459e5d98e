package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A field of the WasmInstance, for a file. */
public record VolumeFieldSelector(
    @JsonPropertyDescription(
            "metadata.name, metadata.namespace, metadata.uid, metadata.labels, metadata.annotations, metadata.labels['KEY'], metadata.annotations['KEY'] or spec.nodeName.")
        @Required
        @Size(max = 512)
        @Pattern(
            "^(metadata\\.(name|namespace|uid|labels|annotations|labels\\['[^']+'\\]|annotations\\['[^']+'\\])|spec\\.nodeName)$")
        String fieldPath) {}
