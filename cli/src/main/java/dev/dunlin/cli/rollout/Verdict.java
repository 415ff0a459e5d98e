package dev.dunlin.cli.rollout;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.cli.status.Words;
import java.util.Optional;

/** Whether an app is where its spec wants it; pure. */
public sealed interface Verdict {
  /** In words for people. */
  String message();

  /** All is done. */
  record Done(String message) implements Verdict {}

  /** It will not be done unless somebody changes something. */
  record Failed(String message) implements Verdict {}

  /** It is under way, or waits. */
  record Waiting(String message) implements Verdict {}

  static Verdict of(WasmApp app) {
    WasmAppStatus status = Words.status(app);
    String name = app.getMetadata().getName();
    if (!app.getMetadata().getGeneration().equals(status.observedGeneration())) {
      return new Waiting("%s: waiting for the operator to see the change".formatted(name));
    }
    return switch (app.getSpec().workload()) {
      case JobWorkload ignored -> ofJob(app, status);
      case CronWorkload ignored -> ofCron(name, status);
      default -> ofReplicas(app, status);
    };
  }

  private static Verdict ofJob(WasmApp app, WasmAppStatus status) {
    String name = app.getMetadata().getName();
    Optional<Condition> failed = find(status, "Failed").filter(Condition::isTrue);
    if (failed.isPresent()) {
      return new Failed("%s: the job has failed: %s".formatted(name, told(failed.get())));
    }
    if (find(status, "Complete").filter(Condition::isTrue).isPresent()) {
      return new Done("%s: the job is complete (%s)".formatted(name, Words.ready(app)));
    }
    return new Waiting(
        "%s: %s runs have succeeded%s".formatted(name, Words.ready(app), why(status)));
  }

  private static Verdict ofCron(String name, WasmAppStatus status) {
    return find(status, "Ready").filter(Condition::isTrue).isPresent()
        ? new Done("%s: the schedule is set".formatted(name))
        : new Waiting("%s: waiting for the schedule%s".formatted(name, why(status)));
  }

  private static Verdict ofReplicas(WasmApp app, WasmAppStatus status) {
    String name = app.getMetadata().getName();
    Optional<Condition> progressing = find(status, "Progressing");
    String reason = progressing.map(Condition::reason).orElse("");
    if (reason.equals("RolledOut") && isAvailable(app, status)) {
      return new Done(
          "%s: revision %s is rolled out, %s ready"
              .formatted(name, Words.orDash(status.revision()), Words.ready(app)));
    }
    if (reason.equals("ProgressDeadlineExceeded") || reason.equals("CanaryFailed")) {
      return new Failed("%s: %s".formatted(name, told(progressing.orElseThrow())));
    }
    return new Waiting(
        "%s: %d of %d instances are of the new revision, %d ready%s"
            .formatted(
                name,
                Words.orZero(status.updatedReplicas()),
                app.getSpec().replicas(),
                Words.orZero(status.readyReplicas()),
                why(status)));
  }

  /** At rest there may be fewer than asked for: an autoscaler's zero. */
  private static boolean isAvailable(WasmApp app, WasmAppStatus status) {
    return find(status, "Ready").map(Condition::isTrue).orElse(false)
        && Words.orZero(status.updatedReplicas()) >= app.getSpec().replicas();
  }

  private static Optional<Condition> find(WasmAppStatus status, String type) {
    return Condition.find(status.conditions(), type);
  }

  private static String why(WasmAppStatus status) {
    return find(status, "Progressing")
        .filter(it -> !it.isTrue())
        .or(() -> find(status, "Resolved").filter(it -> !it.isTrue()))
        .or(() -> find(status, "Ready").filter(it -> !it.isTrue()))
        .map(it -> " (" + told(it) + ")")
        .orElse("");
  }

  private static String told(Condition condition) {
    return condition.reason() + ": " + condition.message();
  }
}
