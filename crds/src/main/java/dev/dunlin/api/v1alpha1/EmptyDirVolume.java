package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * An empty folder of the instance's own; it survives restarts of the command and goes with the
 * instance.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.sizeLimit) || isQuantity(string(self.sizeLimit)) && quantity(string(self.sizeLimit)).isGreaterThan(quantity('0'))",
    fieldPath = ".sizeLimit",
    message = "must be a quantity of bytes above 0, e.g. 64Mi")
public record EmptyDirVolume(
    @JsonPropertyDescription("Bytes that its files may take together; unset: the agent's default.")
        @Nullable Quantity sizeLimit) {}
