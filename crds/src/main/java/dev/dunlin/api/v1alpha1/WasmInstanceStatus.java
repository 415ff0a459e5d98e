package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an instance does, as its agent sees it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmInstanceStatus(
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Pending, Running, Succeeded or Failed.")
        @Nullable InstancePhase phase,
    @JsonPropertyDescription("Whether it serves (http) or runs (worker, job).")
        @Nullable Boolean ready,
    @JsonPropertyDescription("Starts after the first.") @Nullable Integer restarts,
    @JsonPropertyDescription("When the present run began, RFC 3339.") @Nullable String startedAt,
    @JsonPropertyDescription("Bytes of linear memory in use when this was written.")
        @Nullable Long memoryBytes,
    @JsonPropertyDescription("How the last run ended.") @Nullable Termination lastTermination,
    @JsonPropertyDescription("Loaded (module fetched and compiled) and Ready.")
        List<Condition> conditions) {
  public static final WasmInstanceStatus EMPTY =
      new WasmInstanceStatus(null, null, null, null, null, null, null, List.of());

  public WasmInstanceStatus {
    conditions = Lists.copy(conditions);
  }
}
