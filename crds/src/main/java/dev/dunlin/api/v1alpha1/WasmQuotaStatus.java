package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What is used of a quota. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmQuotaStatus(
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The ceilings as they were counted against.")
        @Nullable QuotaAmounts hard,
    @JsonPropertyDescription("What the namespace's instances take.") @Nullable QuotaAmounts used) {}
