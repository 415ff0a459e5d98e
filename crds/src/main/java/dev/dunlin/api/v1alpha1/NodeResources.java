package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** What an agent can give to instances. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeResources(
    @JsonPropertyDescription("Bytes of linear memory of all instances.") @Required Quantity memory,
    @JsonPropertyDescription("Number of instances.") @Required Integer instances,
    @JsonPropertyDescription("Cores of all instances; unset by agents that do not know.")
        @Nullable Quantity cpu) {}
