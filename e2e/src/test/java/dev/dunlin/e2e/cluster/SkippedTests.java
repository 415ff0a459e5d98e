package dev.dunlin.e2e.cluster;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of a run, in one line per reason, how many tests this machine could not run. */
public final class SkippedTests implements TestExecutionListener {
  static final String REASON = "NEEDS KUBERNETES: ";

  private final Map<String, Integer> skipped = new TreeMap<>();
  private int run;
  private @Nullable TestPlan plan;

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionSkipped(TestIdentifier identifier, String reason) {
    if (!reason.startsWith(REASON)) return;
    int tests = Math.max(1, descendants(identifier));
    skipped.merge(reason.substring(REASON.length()), tests, Integer::sum);
  }

  private int descendants(TestIdentifier identifier) {
    return plan == null ? 0 : plan.getDescendants(identifier).size();
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    if (identifier.isTest()) run++;
  }

  @Override
  public void testPlanExecutionFinished(TestPlan testPlan) {
    skipped.forEach((reason, tests) ->
        System.out.printf(
            "%n==== SKIPPED: %d test methods (and %d run): %s%n%n", tests, run, reason));
  }
}
