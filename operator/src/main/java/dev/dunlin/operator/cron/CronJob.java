package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that a cron app has made, as far as the cron app looks at it.
 *
 * @param gone whether it has been deleted since
 */
record CronJob(WasmApp app, boolean gone) {

  /** How far a job is, in the words of its conditions. */
  enum Phase {
    ACTIVE,
    COMPLETE,
    FAILED
  }

  String name() {
    return app.getMetadata().getName();
  }

  Phase phase() {
    if (is("Complete")) return Phase.COMPLETE;
    return is("Failed") ? Phase.FAILED : Phase.ACTIVE;
  }

  boolean isActive() {
    return !gone && phase() == Phase.ACTIVE;
  }

  /** Whether somebody is deleting it already. */
  boolean isGoing() {
    return gone || app.getMetadata().getDeletionTimestamp() != null;
  }

  /** The time of the schedule that it was made for. */
  Instant scheduled() {
    @Nullable Map<String, String> annotations = app.getMetadata().getAnnotations();
    @Nullable String time =
        annotations == null ? null : annotations.get(Api.SCHEDULED_TIME_ANNOTATION);
    return Instant.parse(time == null ? app.getMetadata().getCreationTimestamp() : time);
  }

  /** When it ended; null while it has not. */
  @Nullable Instant ended() {
    @Nullable WasmAppStatus status = app.getStatus();
    @Nullable JobStatus job = status == null ? null : status.job();
    @Nullable String time = job == null ? null : job.completionTime();
    return time == null ? null : Instant.parse(time);
  }

  /** Whether that very cron app has made it. */
  static boolean isOf(WasmApp job, WasmApp cron) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner ->
            Boolean.TRUE.equals(owner.getController())
                && Objects.equals(owner.getUid(), cron.getMetadata().getUid()));
  }

  private boolean is(String type) {
    @Nullable WasmAppStatus status = app.getStatus();
    return status != null
        && Condition.find(status.conditions(), type).filter(Condition::isTrue).isPresent();
  }
}
