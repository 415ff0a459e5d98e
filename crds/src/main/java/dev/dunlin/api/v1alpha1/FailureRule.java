package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule on how a run ended: exactly one of onExitCodes and onReasons. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "has(self.onExitCodes) != has(self.onReasons)",
    message = "must have exactly one of onExitCodes and onReasons")
@ValidationRule(
    value =
        "!has(self.onReasons) || (size(self.onReasons) > 0 && self.onReasons.all(r, r in ['Error', 'Trap', 'OutOfMemory', 'DeadlineExceeded', 'CPUTimeExceeded', 'Evicted', 'NodeLost']))",
    fieldPath = ".onReasons",
    message =
        "must be some of Error, Trap, OutOfMemory, DeadlineExceeded, CPUTimeExceeded, Evicted and NodeLost")
public record FailureRule(
    @JsonPropertyDescription(
            "FailJob: the job fails at once. Ignore: the run does not count. Count: it counts, as without a rule.")
        @Required
        FailureAction action,
    @JsonPropertyDescription("On the guest's exit code.") @Nullable ExitCodes onExitCodes,
    @JsonPropertyDescription(
            "On the termination's reason: Error, Trap, OutOfMemory, DeadlineExceeded, CPUTimeExceeded, Evicted or NodeLost.")
        @Size(max = 16)
        List<@Size(min = 1, max = 64) String> onReasons) {
  public FailureRule {
    onReasons = Lists.copy(onReasons);
  }
}
