package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What an instance is promised and what it may not exceed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resources(
    @JsonPropertyDescription("Kept free for the instance on its node; unset: the limit.")
        @Nullable ResourceList requests,
    @JsonPropertyDescription("A wall: linear memory and tables never grow beyond it.")
        @Nullable ResourceList limits) {}
