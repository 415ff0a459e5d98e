package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A volume under a path of the guest. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VolumeMount(
    @JsonPropertyDescription("Name of the volume.") @Required @Size(min = 1, max = Rules.LABEL)
        String name,
    @JsonPropertyDescription("Absolute path in the guest.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(
            value = "self == '/' || self.matches('^(/[^/:]+)+$')",
            message = "must be an absolute path without ':', '//' or a '/' at its end")
        @ValidationRule(
            value = "!self.matches('/[.][.]?(/|$)')",
            message = "must not contain '.' or '..' as a part")
        String mountPath,
    @JsonPropertyDescription(
            "Whether the guest may only read; ConfigMap and Secret volumes always are.")
        @Nullable Boolean readOnly) {}
