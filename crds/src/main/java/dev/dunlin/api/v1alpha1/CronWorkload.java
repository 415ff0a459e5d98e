package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A job at the times of a schedule. Accepted and checked, not run yet: the app's condition says so.
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
    @JsonPropertyDescription("What runs at each of those times.") @Nullable JobWorkload job)
    implements Workload {}
