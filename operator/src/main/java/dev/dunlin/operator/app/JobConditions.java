package dev.dunlin.operator.app;

import static dev.dunlin.api.v1alpha1.Condition.FALSE;
import static dev.dunlin.api.v1alpha1.Condition.TRUE;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.operator.job.JobProgress;
import java.util.List;
import java.util.stream.Stream;

/** The conditions of a job: as a Kubernetes Job has them, and Ready for those who wait for it. */
final class JobConditions {

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
    return switch (progress.outcome()) {
      case RUNNING -> running(state, plan, progress, resolved);
      case COMPLETE -> over(progress, resolved, TRUE, Conditions.COMPLETE);
      case FAILED -> over(progress, resolved, FALSE, Conditions.FAILED);
    };
  }

  private static String progressing(Condition resolved) {
    return FALSE.equals(resolved.status()) ? FALSE : TRUE;
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

  private static List<Condition> over(
      JobProgress progress, Condition resolved, String ready, String type) {
    return List.of(
        Conditions.condition(Conditions.READY, ready, progress.reason(), progress.message()),
        Conditions.condition(Conditions.PROGRESSING, FALSE, progress.reason(), progress.message()),
        resolved,
        Conditions.condition(type, TRUE, progress.reason(), progress.message()));
  }

  private JobConditions() {}
}
