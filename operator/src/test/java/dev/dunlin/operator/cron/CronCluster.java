package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.event.Happening;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A cluster with one cron app in it, whose operator can die after any of its writes. */
final class CronCluster {
  private static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final WasmApp app;
  Instant now = ACron.CREATED;
  final TreeMap<String, WasmApp> jobs = new TreeMap<>();
  final List<String> made = new ArrayList<>();
  final List<Happening> happenings = new ArrayList<>();
  int deletions;
  int statusWrites;
  int livesFor = Integer.MAX_VALUE;
  boolean died;

  CronCluster(String cron) {
    app = ACron.of(cron);
  }

  /** One pass with its writes: what makes room, the new job, what is old, and then the status. */
  CronPlan pass() {
    CronWorkload cron = app.getSpec().cron();
    if (cron == null) throw new AssertionError("no cron");
    var known = jobs.values().stream().map(job -> new CronJob(job, false)).toList();
    var plan = CronPlan.of(app, cron, known, now);
    happenings.addAll(plan.happenings());
    try {
      plan.replaced().forEach(job -> delete(job.name()));
      plan.create().ifPresent(this::create);
      plan.old().forEach(job -> delete(job.name()));
      var before = app.getStatus();
      var conditions =
          CronConditions.of(
              plan.verdict(), before == null ? List.of() : before.conditions(), 1L, now);
      if (before == null
          || !plan.status().equals(before.cron())
          || !conditions.equals(before.conditions())) {
        ACron.with(app, plan.status(), conditions);
        statusWrites++;
        wrote();
      }
    } catch (Died e) {
      died = true;
    }
    return plan;
  }

  private void create(WasmApp job) {
    String name = job.getMetadata().getName();
    if (jobs.containsKey(name)) return; // 409
    job.getMetadata().setCreationTimestamp(now.toString());
    jobs.put(name, job);
    made.add(name);
    wrote();
  }

  private void delete(String name) {
    jobs.remove(name);
    deletions++;
    wrote();
  }

  private void wrote() {
    if (livesFor != Integer.MAX_VALUE && --livesFor == 0) {
      livesFor = Integer.MAX_VALUE;
      throw new Died();
    }
  }

  int writes() {
    return made.size() + deletions + statusWrites;
  }

  /** The jobs under way end. */
  void jobsEnd(boolean well) {
    jobs.values().stream()
        .filter(job -> new CronJob(job, false).isActive())
        .forEach(job -> ACron.ended(job, well, now));
  }

  /** Passes whenever the plan asks for one, and a minute of work for each job. */
  void runUntil(Instant end, BiConsumer<CronCluster, Instant> meanwhile) {
    while (now.isBefore(end)) {
      var plan = pass();
      var wake = now.plus(plan.lookAgain());
      now = wake.isBefore(end) ? wake : end;
      meanwhile.accept(this, now);
    }
  }

  List<String> reasons() {
    return happenings.stream().map(Happening::reason).toList();
  }
}
