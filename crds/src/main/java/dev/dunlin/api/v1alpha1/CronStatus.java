package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schedule has done. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CronStatus(
    @JsonPropertyDescription("Names of the jobs (WasmApps) under way.") List<String> active,
    @JsonPropertyDescription("The last time of the schedule that made a job, RFC 3339.")
        @Nullable String lastScheduleTime,
    @JsonPropertyDescription("When a job last succeeded, RFC 3339.")
        @Nullable String lastSuccessfulTime) {
  public CronStatus {
    active = Lists.copy(active);
  }
}
