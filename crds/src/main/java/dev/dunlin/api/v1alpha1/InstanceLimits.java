package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Bounds of one instance; as a LimitRange's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceLimits(
    @JsonPropertyDescription("Limits of an instance whose app states none.")
        @JsonProperty("default")
        @Nullable ResourceList defaultLimits,
    @JsonPropertyDescription("Requests of an instance whose app states none.")
        @Nullable ResourceList defaultRequest,
    @JsonPropertyDescription(
            "No limit may be above; an app without a limit that gets no default is refused.")
        @Nullable ResourceList max,
    @JsonPropertyDescription("No request may be below.") @Nullable ResourceList min) {}
