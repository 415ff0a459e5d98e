package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Storage that outlives the instance: a WasmVolume of the app's namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WasmVolumeSource(
    @JsonPropertyDescription("Name of the WasmVolume.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        String claimName) {}
