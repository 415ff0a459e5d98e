package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Which nodes are needed or liked. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Affinity(
    @JsonPropertyDescription("By the nodes' labels.") @Nullable NodeAffinity nodeAffinity) {}
