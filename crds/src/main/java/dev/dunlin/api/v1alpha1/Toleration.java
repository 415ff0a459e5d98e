package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A taint that does not matter; as a Pod's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
    fieldPath = ".operator",
    message = "must be Exists where key is empty: that tolerates every taint")
@ValidationRule(
    value =
        "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
    fieldPath = ".value",
    message = "must be empty where operator is Exists")
@ValidationRule(
    value = "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
    fieldPath = ".tolerationSeconds",
    message = "is only for effect NoExecute")
public record Toleration(
    @JsonPropertyDescription("Key of the taint; unset, with operator Exists: every key.")
        @Size(max = 317)
        @Nullable String key,
    @JsonPropertyDescription("Exists or Equal.") @Default("Equal") TolerationOperator operator,
    @JsonPropertyDescription("Value of the taint, for Equal.") @Size(max = Rules.LABEL)
        @Nullable String value,
    @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute; unset: every effect.")
        @Nullable TaintEffect effect,
    @JsonPropertyDescription(
            "Seconds that an instance stays under a NoExecute taint; unset: for ever.")
        @Nullable Long tolerationSeconds) {
  public Toleration {
    operator = operator == null ? TolerationOperator.Equal : operator;
  }
}
