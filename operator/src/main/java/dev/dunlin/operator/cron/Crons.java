package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.event.Happening;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the jobs of cron apps when they are due, and clears away the old ones. */
public final class Crons {
  /** Of an admission policy, a quota, or validation; anything else passes by itself. */
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 413, 422);

  private static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final CronJobs jobs;
  private final Events events;
  private final Clock clock;

  /**
   * What one pass has come to.
   *
   * @param status of the app
   * @param lookAgain when time alone will change it
   */
  public record Result(WasmAppStatus status, Duration lookAgain) {}

  public Crons(KubernetesClient client, CronJobs jobs, Events events, Clock clock) {
    this.client = client;
    this.jobs = jobs;
    this.events = events;
    this.clock = clock;
  }

  /** One pass over a cron app: reads, decides, writes but for the status, and says what it did. */
  public Result pass(WasmApp app, CronWorkload cron) {
    var now = clock.instant();
    var known = jobs.of(app);
    var plan = CronPlan.of(app, cron, known, now);
    plan.replaced().forEach(job -> delete(app, job));
    Optional<String> refused = plan.create().flatMap(job -> create(app, job));
    plan.old().forEach(job -> delete(app, job));
    plan.happenings().forEach(it -> events.say(app, it));
    jobs.seen(known);
    return refused
        .map(why -> refused(app, cron, plan, why, now))
        .orElseGet(
            () -> new Result(status(app, plan.status(), plan.verdict(), now), plan.lookAgain()));
  }

  /** Makes a job; says what is against it. */
  private Optional<String> create(WasmApp app, WasmApp job) {
    String name = job.getMetadata().getName();
    try {
      jobs.created(client.resource(job).create());
      events.say(app, Happening.normal(Reasons.SUCCESSFUL_CREATE, "Created job " + name));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) return taken(app, job);
      if (!REFUSALS.contains(e.getCode())) throw e;
      String why = "Job %s was refused: %s".formatted(name, words(e));
      events.say(app, Happening.warning(Reasons.FAILED_CREATE, why));
      return Optional.of(why);
    }
  }

  /** An operator before this one may have made it, and have died before it could say so. */
  private Optional<String> taken(WasmApp app, WasmApp job) {
    @Nullable WasmApp found = client.resource(job).get();
    if (found != null && CronJob.isOf(found, app)) {
      jobs.created(found);
      return Optional.empty();
    }
    String why =
        "A WasmApp named %s exists and was not made by this one. Delete it, or give the app another name."
            .formatted(job.getMetadata().getName());
    events.say(app, Happening.warning(Reasons.FAILED_CREATE, why));
    return Optional.of(why);
  }

  private static String words(KubernetesClientException fault) {
    var status = fault.getStatus();
    return status == null || status.getMessage() == null
        ? String.valueOf(fault.getMessage())
        : status.getMessage();
  }

  private void delete(WasmApp app, CronJob job) {
    client.resource(job.app()).delete();
    jobs.deleted(job.app());
    events.say(app, Happening.normal(Reasons.SUCCESSFUL_DELETE, "Deleted job " + job.name()));
  }

  private Result refused(WasmApp app, CronWorkload cron, CronPlan plan, String why, Instant now) {
    var without = CronPlan.without(app, cron, jobs.of(app), plan, now);
    var verdict = new CronPlan.Verdict(false, Reasons.FAILED_CREATE, why);
    return new Result(
        status(app, without, verdict, now),
        plan.lookAgain().compareTo(AFTER_A_REFUSAL) < 0 ? plan.lookAgain() : AFTER_A_REFUSAL);
  }

  private static WasmAppStatus status(
      WasmApp app, CronStatus cron, CronPlan.Verdict verdict, Instant now) {
    @Nullable WasmAppStatus before = app.getStatus();
    var conditions = before == null ? List.<Condition>of() : before.conditions();
    return WasmAppStatus.EMPTY
        .edit()
        .withObservedGeneration(app.getMetadata().getGeneration())
        .withReplicas(0)
        .withReadyReplicas(0)
        .withSelector(Api.APP_LABEL + "=" + app.getMetadata().getName())
        .withCron(cron)
        .withConditions(
            CronConditions.of(verdict, conditions, app.getMetadata().getGeneration(), now))
        .build();
  }
}
