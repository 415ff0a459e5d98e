package dev.dunlin.cli.status;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An app's state in few words; pure. */
public final class Words {
  private Words() {}

  public static WasmAppStatus status(WasmApp app) {
    return Objects.requireNonNullElse(app.getStatus(), WasmAppStatus.EMPTY);
  }

  public static String kind(WasmApp app) {
    return switch (app.getSpec().workload()) {
      case HttpWorkload ignored -> "http";
      case WorkerWorkload ignored -> "worker";
      case JobWorkload ignored -> "job";
      case CronWorkload ignored -> "cron";
    };
  }

  /** {@code 2/3}: ready and wanted; of a job the runs that succeeded. */
  public static String ready(WasmApp app) {
    WasmAppStatus status = status(app);
    return switch (app.getSpec().workload()) {
      case JobWorkload job -> {
        @Nullable JobStatus runs = status.job();
        yield (runs == null ? 0 : orZero(runs.succeeded())) + "/" + job.completions();
      }
      case CronWorkload ignored -> "-";
      case HttpWorkload ignored -> replicas(app, status);
      case WorkerWorkload ignored -> replicas(app, status);
    };
  }

  private static String replicas(WasmApp app, WasmAppStatus status) {
    return orZero(status.readyReplicas()) + "/" + app.getSpec().replicas();
  }

  /** {@code Ready}, or the reason why it is not. */
  public static String state(WasmApp app) {
    return Condition.find(status(app).conditions(), "Ready")
        .map(ready -> ready.isTrue() ? "Ready" : ready.reason())
        .orElse("Pending");
  }

  public static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  public static String orDash(@Nullable Object text) {
    return text == null ? "-" : text.toString();
  }
}
