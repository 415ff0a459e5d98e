package dev.dunlin.operator.job;

import dev.dunlin.api.v1alpha1.ExitCodes;
import dev.dunlin.api.v1alpha1.FailureAction;
import dev.dunlin.api.v1alpha1.FailurePolicy;
import dev.dunlin.api.v1alpha1.FailureRule;
import dev.dunlin.api.v1alpha1.SetOperator;
import org.jspecify.annotations.Nullable;

/** What a job's {@code failurePolicy} makes of a failed run; as a Job's podFailurePolicy. */
final class FailureRules {

  /**
   * What is to be done, and the rule that says so.
   *
   * @param rule its place in the list, from 0; -1: none fits
   */
  record Judgement(FailureAction action, int rule) {}

  private static final Judgement NO_RULE = new Judgement(FailureAction.Count, -1);

  static Judgement of(@Nullable FailurePolicy policy, Run.@Nullable End end) {
    if (policy == null || end == null) return NO_RULE;
    var rules = policy.rules();
    for (int i = 0; i < rules.size(); i++)
      if (fits(rules.get(i), end)) return new Judgement(rules.get(i).action(), i);
    return NO_RULE;
  }

  private static boolean fits(FailureRule rule, Run.End end) {
    @Nullable ExitCodes codes = rule.onExitCodes();
    if (codes == null) return rule.onReasons().contains(end.reason());
    @Nullable Integer code = end.exitCode();
    return code != null
        && code != 0
        && codes.values().contains(code) == (codes.operator() == SetOperator.In);
  }

  private FailureRules() {}
}
