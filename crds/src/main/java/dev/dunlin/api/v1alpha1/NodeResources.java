package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;

/** What an agent can give to instances. */
public record NodeResources(
    @JsonPropertyDescription("Bytes of linear memory of all instances.") @Required Quantity memory,
    @JsonPropertyDescription("Number of instances.") @Required Integer instances) {}
