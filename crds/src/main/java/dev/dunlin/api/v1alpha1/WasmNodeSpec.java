package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What a cluster's owner asks of an agent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WasmNodeSpec(
    @JsonPropertyDescription("Whether new instances are kept away from this node.")
        @Nullable Boolean unschedulable) {}
