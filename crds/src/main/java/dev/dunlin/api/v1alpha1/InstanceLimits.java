package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Bounds of one instance; as a LimitRange's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.min) || !has(self.min.memory) || !has(self.max) || !has(self.max.memory)"
            + " || !isQuantity(string(self.min.memory)) || !isQuantity(string(self.max.memory))"
            + " || quantity(string(self.min.memory)).compareTo(quantity(string(self.max.memory))) <= 0",
    message = "min.memory must not be above max.memory")
@ValidationRule(
    value =
        "!has(self.min) || !has(self.min.cpu) || !has(self.max) || !has(self.max.cpu)"
            + " || !isQuantity(string(self.min.cpu)) || !isQuantity(string(self.max.cpu))"
            + " || quantity(string(self.min.cpu)).compareTo(quantity(string(self.max.cpu))) <= 0",
    message = "min.cpu must not be above max.cpu")
@ValidationRule(
    value =
        "!has(self.default) || !has(self.default.memory) || !has(self.max) || !has(self.max.memory)"
            + " || !isQuantity(string(self.default.memory)) || !isQuantity(string(self.max.memory))"
            + " || quantity(string(self.default.memory)).compareTo(quantity(string(self.max.memory))) <= 0",
    message = "default.memory must not be above max.memory")
@ValidationRule(
    value =
        "!has(self.default) || !has(self.default.cpu) || !has(self.max) || !has(self.max.cpu)"
            + " || !isQuantity(string(self.default.cpu)) || !isQuantity(string(self.max.cpu))"
            + " || quantity(string(self.default.cpu)).compareTo(quantity(string(self.max.cpu))) <= 0",
    message = "default.cpu must not be above max.cpu")
@ValidationRule(
    value =
        "!has(self.defaultRequest) || !has(self.defaultRequest.memory) || !has(self.default) || !has(self.default.memory)"
            + " || !isQuantity(string(self.defaultRequest.memory)) || !isQuantity(string(self.default.memory))"
            + " || quantity(string(self.defaultRequest.memory)).compareTo(quantity(string(self.default.memory))) <= 0",
    message = "defaultRequest.memory must not be above default.memory")
@ValidationRule(
    value =
        "!has(self.defaultRequest) || !has(self.defaultRequest.cpu) || !has(self.default) || !has(self.default.cpu)"
            + " || !isQuantity(string(self.defaultRequest.cpu)) || !isQuantity(string(self.default.cpu))"
            + " || quantity(string(self.defaultRequest.cpu)).compareTo(quantity(string(self.default.cpu))) <= 0",
    message = "defaultRequest.cpu must not be above default.cpu")
@ValidationRule(
    value =
        "!has(self.min) || !has(self.min.memory) || !has(self.defaultRequest) || !has(self.defaultRequest.memory)"
            + " || !isQuantity(string(self.min.memory)) || !isQuantity(string(self.defaultRequest.memory))"
            + " || quantity(string(self.min.memory)).compareTo(quantity(string(self.defaultRequest.memory))) <= 0",
    message = "min.memory must not be above defaultRequest.memory")
@ValidationRule(
    value =
        "!has(self.min) || !has(self.min.cpu) || !has(self.defaultRequest) || !has(self.defaultRequest.cpu)"
            + " || !isQuantity(string(self.min.cpu)) || !isQuantity(string(self.defaultRequest.cpu))"
            + " || quantity(string(self.min.cpu)).compareTo(quantity(string(self.defaultRequest.cpu))) <= 0",
    message = "min.cpu must not be above defaultRequest.cpu")
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
