package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How a new revision takes the place of the old one; as a Deployment's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.rollingUpdate) || !has(self.type) || self.type == 'RollingUpdate'",
    fieldPath = ".rollingUpdate",
    message = "is only for type RollingUpdate")
public record Strategy(
    @JsonPropertyDescription(
            "RollingUpdate, or Recreate: all old instances end before new ones start.")
        @Default("RollingUpdate")
        StrategyType type,
    @JsonPropertyDescription("How many at a time.") @Nullable RollingUpdate rollingUpdate) {
  public static final Strategy DEFAULT = new Strategy(StrategyType.RollingUpdate, null);

  public Strategy {
    type = type == null ? StrategyType.RollingUpdate : type;
  }
}
