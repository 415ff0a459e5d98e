package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A key of a ConfigMap or Secret of the same namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeySelector(
    @JsonPropertyDescription("Name of the ConfigMap or Secret.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        String name,
    @JsonPropertyDescription("Key in it.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.KEY, message = Rules.KEY_MESSAGE)
        String key,
    @JsonPropertyDescription("Whether it may be missing.") @Nullable Boolean optional) {}
