package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Ceilings of a namespace. Several of them all hold. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WasmQuotaSpec(
    @JsonPropertyDescription(
            "Sums over the namespace's instances that are not finished; beyond them no instance is made.")
        @Nullable QuotaAmounts hard,
    @JsonPropertyDescription(
            "What one instance may ask for, and what it gets that asks for nothing.")
        @Nullable InstanceLimits perInstance) {}
