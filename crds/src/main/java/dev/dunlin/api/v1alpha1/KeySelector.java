package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A key of a ConfigMap or Secret of the same namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeySelector(
    @JsonPropertyDescription("Name of the ConfigMap or Secret.") @Required String name,
    @JsonPropertyDescription("Key in it.") @Required String key,
    @JsonPropertyDescription("Whether it may be missing.") @Nullable Boolean optional) {}
