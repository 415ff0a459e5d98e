package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A job at the times of a schedule. Accepted and checked, not run yet: the app's condition says so.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CronWorkload(
    @JsonPropertyDescription(
            "Five cron fields (minute hour day-of-month month day-of-week) or @hourly, @daily, @weekly, @monthly, @yearly.")
        @Required
        String schedule,
    @JsonPropertyDescription("IANA time zone of the schedule, e.g. Europe/Vienna; unset: UTC.")
        @Nullable String timeZone,
    @JsonPropertyDescription("What runs at each of those times.") @Nullable JobWorkload job)
    implements Workload {}
