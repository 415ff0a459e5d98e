package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How evenly instances are spread; over the instances of the app. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.minDomains) || !has(self.whenUnsatisfiable) || self.whenUnsatisfiable == 'DoNotSchedule'",
    fieldPath = ".minDomains",
    message = "is only for whenUnsatisfiable DoNotSchedule")
public record TopologySpreadConstraint(
    @JsonPropertyDescription("Most that one domain may have above the least.")
        @Required
        @Min(1)
        @Max(10000)
        Integer maxSkew,
    @JsonPropertyDescription(
            "Label of the nodes whose values are the domains, e.g. topology.kubernetes.io/zone.")
        @Required
        @Size(min = 1, max = 317)
        String topologyKey,
    @JsonPropertyDescription("DoNotSchedule or ScheduleAnyway.") @Default("DoNotSchedule")
        UnsatisfiableConstraintAction whenUnsatisfiable,
    @JsonPropertyDescription("Domains that there must be; with fewer, the least counts as 0.")
        @Min(1)
        @Max(10000)
        @Nullable Integer minDomains) {
  public TopologySpreadConstraint {
    whenUnsatisfiable =
        whenUnsatisfiable == null ? UnsatisfiableConstraintAction.DoNotSchedule : whenUnsatisfiable;
  }
}
