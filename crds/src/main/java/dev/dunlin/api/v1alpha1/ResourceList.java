package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Amounts of resources, as Kubernetes quantities. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.memory) || isQuantity(string(self.memory)) && quantity(string(self.memory)).isGreaterThan(quantity('0'))"
            + " && quantity(string(self.memory)).compareTo(quantity('1Pi')) <= 0",
    fieldPath = ".memory",
    message = "must be a quantity of bytes above 0 and at most 1Pi, e.g. 64Mi")
@ValidationRule(
    value =
        "!has(self.cpu) || isQuantity(string(self.cpu)) && quantity(string(self.cpu)).isGreaterThan(quantity('0'))"
            + " && quantity(string(self.cpu)).compareTo(quantity('1k')) <= 0",
    fieldPath = ".cpu",
    message = "must be a quantity of cores above 0 and at most 1k, e.g. 500m")
public record ResourceList(
    @JsonPropertyDescription("Bytes of linear memory and tables of one instance, e.g. 64Mi.")
        @Nullable Quantity memory,
    @JsonPropertyDescription("Cores of one instance, e.g. 250m.") @Nullable Quantity cpu) {}
