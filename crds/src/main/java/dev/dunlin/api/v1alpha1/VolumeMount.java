package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A volume under a path of the guest. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VolumeMount(
    @JsonPropertyDescription("Name of the volume.") @Required String name,
    @JsonPropertyDescription("Absolute path in the guest.") @Required @Pattern("^/[^:]*$")
        String mountPath,
    @JsonPropertyDescription(
            "Whether the guest may only read; ConfigMap and Secret volumes always are.")
        @Nullable Boolean readOnly) {}
