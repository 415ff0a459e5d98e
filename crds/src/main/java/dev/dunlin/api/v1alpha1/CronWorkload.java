package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A job at the times of a schedule; as a CronJob. Each is a WasmApp of its own, owned by this one.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CronWorkload(
    @JsonPropertyDescription(
            "Five cron fields (minute hour day-of-month month day-of-week) or @hourly, @daily, @weekly, @monthly, @yearly.")
        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(value = Rules.SCHEDULE, message = Rules.SCHEDULE_MESSAGE)
        String schedule,
    @JsonPropertyDescription("IANA time zone of the schedule, e.g. Europe/Vienna; unset: UTC.")
        @Size(min = 1, max = 64)
        @ValidationRule(value = Rules.TIME_ZONE, message = Rules.TIME_ZONE_MESSAGE)
        @Nullable String timeZone,
    @JsonPropertyDescription("What runs at each of those times.") @Nullable JobWorkload job,
    @JsonPropertyDescription(
            "While a job is still under way at the next time - Allow: both run; Forbid: the new one is left out; Replace: the old one is ended.")
        @Default("Allow")
        ConcurrencyPolicy concurrencyPolicy,
    @JsonPropertyDescription(
            "Seconds after its time when a job may still be started; unset: at any later time.")
        @Min(0)
        @Nullable Long startingDeadlineSeconds,
    @JsonPropertyDescription("Whether no further job is made.") @Nullable Boolean suspend,
    @JsonPropertyDescription("Jobs kept that succeeded.") @Default("3") @Min(0) @Max(1000)
        Integer successfulJobsHistoryLimit,
    @JsonPropertyDescription("Jobs kept that failed.") @Default("1") @Min(0) @Max(1000)
        Integer failedJobsHistoryLimit)
    implements Workload {
  public CronWorkload {
    concurrencyPolicy = concurrencyPolicy == null ? ConcurrencyPolicy.Allow : concurrencyPolicy;
    successfulJobsHistoryLimit =
        successfulJobsHistoryLimit == null ? 3 : successfulJobsHistoryLimit;
    failedJobsHistoryLimit = failedJobsHistoryLimit == null ? 1 : failedJobsHistoryLimit;
  }
}
