package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One environment variable: a value, or where the value comes from. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvVar(
    @JsonPropertyDescription("Name of the variable.") @Required String name,
    @JsonPropertyDescription(
            "Its value; $(VAR) is replaced as in a Pod. Empty when neither this nor valueFrom is set.")
        @Nullable String value,
    @JsonPropertyDescription("Where the value comes from.") @Nullable EnvVarSource valueFrom) {}
