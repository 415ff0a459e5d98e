package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Amounts of a namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.memory) || isQuantity(string(self.memory)) && quantity(string(self.memory)).compareTo(quantity('0')) >= 0",
    fieldPath = ".memory",
    message = "must be a quantity of bytes, e.g. 4Gi")
@ValidationRule(
    value =
        "!has(self.cpu) || isQuantity(string(self.cpu)) && quantity(string(self.cpu)).compareTo(quantity('0')) >= 0",
    fieldPath = ".cpu",
    message = "must be a quantity of cores, e.g. 2 or 500m")
public record QuotaAmounts(
    @JsonPropertyDescription("Memory requests of all instances.") @Nullable Quantity memory,
    @JsonPropertyDescription("CPU requests of all instances, in cores.") @Nullable Quantity cpu,
    @JsonPropertyDescription("Instances.") @Min(0) @Nullable Long instances) {}
