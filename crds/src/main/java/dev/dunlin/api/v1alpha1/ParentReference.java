package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A Gateway, as an HTTPRoute refers to it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ParentReference(
    @JsonPropertyDescription("Name of the Gateway.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        String name,
    @JsonPropertyDescription("Its namespace; unset: the app's.")
        @Size(min = 1, max = Rules.LABEL)
        @ValidationRule(value = Rules.VOLUME_NAME, message = Rules.VOLUME_NAME_MESSAGE)
        @Nullable String namespace,
    @JsonPropertyDescription("Name of its listener; unset: all.") @Size(min = 1, max = Rules.NAME)
        @Nullable String sectionName,
    @JsonPropertyDescription("Port of its listener; unset: all.") @Min(1) @Max(65535)
        @Nullable Integer port) {}
