package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What an instance is promised and what it may not exceed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.requests) || !has(self.requests.memory) || !has(self.limits) || !has(self.limits.memory)"
            + " || !isQuantity(string(self.requests.memory)) || !isQuantity(string(self.limits.memory))"
            + " || quantity(string(self.requests.memory)).compareTo(quantity(string(self.limits.memory))) <= 0",
    fieldPath = ".requests.memory",
    message = "must not be above limits.memory")
@ValidationRule(
    value =
        "!has(self.requests) || !has(self.requests.cpu) || !has(self.limits) || !has(self.limits.cpu)"
            + " || !isQuantity(string(self.requests.cpu)) || !isQuantity(string(self.limits.cpu))"
            + " || quantity(string(self.requests.cpu)).compareTo(quantity(string(self.limits.cpu))) <= 0",
    fieldPath = ".requests.cpu",
    message = "must not be above limits.cpu")
public record Resources(
    @JsonPropertyDescription("Kept free for the instance on its node; unset: the limit.")
        @Nullable ResourceList requests,
    @JsonPropertyDescription(
            "Walls. memory: linear memory and tables never grow beyond it. For an http app it is one of each request under way, of which there are up to http.maxConcurrency. cpu: a share of time, over which the instance waits.")
        @Nullable ResourceList limits) {}
