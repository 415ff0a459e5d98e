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
public record Resources(
    @JsonPropertyDescription("Kept free for the instance on its node; unset: the limit.")
        @Nullable ResourceList requests,
    @JsonPropertyDescription(
            "A wall: linear memory and tables never grow beyond it. For an http app it is one of each request under way, of which there are up to http.maxConcurrency.")
        @Nullable ResourceList limits) {}
