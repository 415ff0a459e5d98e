package dev.dunlin.operator.app;

import static dev.dunlin.api.v1alpha1.Condition.FALSE;
import static dev.dunlin.api.v1alpha1.Condition.TRUE;
import static dev.dunlin.api.v1alpha1.Condition.UNKNOWN;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.operator.job.JobProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The conditions of a job: as a Kubernetes Job has them, and Ready for those who wait for it. */
final class JobConditions {
  static final String FAILURE_TARGET = "FailureTarget";
  static final String SUSPENDED = "Suspended";

  static List<Condition> of(WasmAppState state, WasmAppPlan plan, JobWorkload job) {
    var progress = plan.job();
    var resolved = Conditions.resolved(state);
    if (progress == null) {
      String message = "The job has not begun: " + resolved.message();
      return List.of(
          Conditions.condition(Conditions.READY, FALSE, resolved.reason(), message),
          Conditions.condition(
              Conditions.PROGRESSING, progressing(resolved), resolved.reason(), message),
          resolved);
    }
    var before = state.status().job();
    boolean wasOver = state.rolledTo() && before != null && before.completionTime() != null;
    if (wasOver) // it stays as it was said then
    return Stream.concat(
              state.status().conditions().stream()
                  .filter(c -> !c.type().equals(Conditions.RESOLVED)),
              Stream.of(resolved))
          .toList();
    var conditions = new ArrayList<>(common(state, plan, progress, resolved));
    switch (progress.outcome()) {
      case COMPLETE -> conditions.add(word(Conditions.COMPLETE, progress));
      case FAILING -> conditions.add(word(FAILURE_TARGET, progress));
      case FAILED -> {
        conditions.add(word(FAILURE_TARGET, progress));
        conditions.add(word(Conditions.FAILED, progress));
      }
      case RUNNING, SUSPENDED -> {}
    }
    if (progress.outcome() == JobProgress.Outcome.SUSPENDED)
      conditions.add(word(SUSPENDED, progress));
    else if (state.rolledTo() && state.condition(SUSPENDED).isPresent())
      conditions.add(
          Conditions.condition(SUSPENDED, FALSE, Reasons.JOB_RESUMED, "The job goes on."));
    return conditions;
  }

  private static String progressing(Condition resolved) {
    return FALSE.equals(resolved.status()) ? FALSE : TRUE;
  }

  /** Ready, Progressing and Resolved, which every app has. */
  private static List<Condition> common(
      WasmAppState state, WasmAppPlan plan, JobProgress progress, Condition resolved) {
    return switch (progress.outcome()) {
      case RUNNING -> running(state, plan, progress, resolved);
      case SUSPENDED -> common(progress, FALSE, UNKNOWN, resolved);
      case COMPLETE -> common(progress, TRUE, FALSE, resolved);
      case FAILING, FAILED -> common(progress, FALSE, FALSE, resolved);
    };
  }

  private static List<Condition> running(
      WasmAppState state, WasmAppPlan plan, JobProgress progress, Condition resolved) {
    var active = state.alive().stream().filter(i -> !i.finished()).toList();
    var obstacle = Conditions.obstacle(state, plan, active);
    String reason = obstacle.map(Conditions.Obstacle::reason).orElse(Reasons.JOB_RUNNING);
    String message =
        obstacle.map(o -> progress.message() + " " + o.message()).orElse(progress.message());
    return List.of(
        Conditions.condition(Conditions.READY, FALSE, reason, message),
        Conditions.condition(
            Conditions.PROGRESSING, obstacle.isPresent() ? FALSE : TRUE, reason, message),
        resolved);
  }

  private static List<Condition> common(
      JobProgress progress, String ready, String progressing, Condition resolved) {
    return List.of(
        Conditions.condition(Conditions.READY, ready, progress.reason(), progress.message()),
        Conditions.condition(
            Conditions.PROGRESSING, progressing, progress.reason(), progress.message()),
        resolved);
  }

  private static Condition word(String type, JobProgress progress) {
    return Conditions.condition(type, TRUE, progress.reason(), progress.message());
  }

  private JobConditions() {}
}
