package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One environment variable: a value, or where the value comes from. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!(has(self.value) && has(self.valueFrom))",
    message = "may have value or valueFrom, not both")
public record EnvVar(
    @JsonPropertyDescription("Name of the variable.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.ENV_NAME, message = Rules.ENV_NAME_MESSAGE)
        String name,
    @JsonPropertyDescription(
            "Its value; $(VAR) is replaced as in a Pod. Empty when neither this nor valueFrom is set.")
        @Size(max = Rules.TEXT)
        @Nullable String value,
    @JsonPropertyDescription("Where the value comes from.") @Nullable EnvVarSource valueFrom) {}
