package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** One metric of the app, and how much of it each instance is to have. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "isQuantity(string(self.averageValue)) && quantity(string(self.averageValue)).isGreaterThan(quantity('0'))",
    fieldPath = ".averageValue",
    message = "must be a quantity above 0, e.g. 100 or 500m")
public record AutoscalingMetric(
    @JsonPropertyDescription("requests_per_second, concurrent_requests, cpu_cores or memory_bytes.")
        @Required
        MetricName name,
    @JsonPropertyDescription("How much of it for each instance.") @Required
        Quantity averageValue) {}
