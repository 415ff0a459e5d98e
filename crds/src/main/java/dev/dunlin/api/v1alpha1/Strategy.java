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
@ValidationRule(
    value = "has(self.canary) == (has(self.type) && self.type == 'Canary')",
    fieldPath = ".canary",
    message = "must be there for type Canary, and only then")
public record Strategy(
    @JsonPropertyDescription(
            "RollingUpdate; Recreate: all old instances end before new ones start; Canary: the new revision is given a share of the requests that grows by steps (http).")
        @Default("RollingUpdate")
        StrategyType type,
    @JsonPropertyDescription("How many at a time.") @Nullable RollingUpdate rollingUpdate,
    @JsonPropertyDescription("Steps, and what ends them.") @Nullable Canary canary) {
  public static final Strategy DEFAULT = new Strategy(StrategyType.RollingUpdate, null);

  /** One without a canary. */
  public Strategy(StrategyType type, @Nullable RollingUpdate rollingUpdate) {
    this(type, rollingUpdate, null);
  }

  public Strategy {
    type = type == null ? StrategyType.RollingUpdate : type;
  }
}
