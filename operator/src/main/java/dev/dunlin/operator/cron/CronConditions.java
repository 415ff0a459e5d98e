package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a cron app: Ready and Progressing as every app has them, and Suspended. */
final class CronConditions {

  static List<Condition> of(
      CronPlan.Verdict verdict, List<Condition> before, @Nullable Long generation, Instant now) {
    String status = verdict.ready() ? Condition.TRUE : Condition.FALSE;
    boolean suspended = verdict.reason().equals(Reasons.CRON_SUSPENDED);
    var conditions = new ArrayList<Condition>();
    conditions.add(said("Ready", status, verdict, generation));
    conditions.add(
        said("Progressing", suspended ? Condition.UNKNOWN : status, verdict, generation));
    if (suspended) conditions.add(said("Suspended", Condition.TRUE, verdict, generation));
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return conditions.stream()
        .map(c -> c.since(Condition.find(before, c.type()).orElse(null), time))
        .toList();
  }

  private static Condition said(
      String type, String status, CronPlan.Verdict verdict, @Nullable Long generation) {
    return new Condition(type, status, verdict.reason(), verdict.message(), generation, null);
  }

  private CronConditions() {}
}
