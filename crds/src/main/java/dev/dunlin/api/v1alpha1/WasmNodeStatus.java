package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent offers. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmNodeStatus(
    @JsonPropertyDescription("IP address under which the agent's app ports are reached.")
        @Nullable String address,
    @JsonPropertyDescription("Port of the agent's own /livez, /readyz and /metrics.")
        @Nullable Integer adminPort,
    @JsonPropertyDescription("Where the logs of its instances are read.") @Nullable NodeLogs logs,
    @JsonPropertyDescription("Version of the agent.") @Nullable String agentVersion,
    @JsonPropertyDescription("What runs the modules.") @Nullable EngineStatus engine,
    @JsonPropertyDescription("What instances can be given in all.")
        @Nullable NodeResources allocatable,
    @JsonPropertyDescription("When the agent process began, RFC 3339.") @Nullable String startedAt,
    @JsonPropertyDescription("Whether the agent is shutting down: nothing new is placed on it.")
        @Nullable Boolean draining,
    @JsonPropertyDescription(
            "Whether instances have been evicted, or are about to be, for want of memory: nothing new is placed on it.")
        @Nullable Boolean memoryPressure,
    @JsonPropertyDescription("Digests of modules on its disk, newest first, 50 at the most.")
        List<String> cachedImages,
    @JsonPropertyDescription(
            "Ready: whether the agent's Lease is renewed (written by the operator).")
        List<Condition> conditions) {
  public static final WasmNodeStatus EMPTY =
      new WasmNodeStatus(null, null, null, null, null, null, null, null, List.of(), List.of());

  /** One of an agent that shows no logs. */
  public WasmNodeStatus(
      @Nullable String address,
      @Nullable Integer adminPort,
      @Nullable String agentVersion,
      @Nullable EngineStatus engine,
      @Nullable NodeResources allocatable,
      @Nullable String startedAt,
      @Nullable Boolean draining,
      @Nullable Boolean memoryPressure,
      List<String> cachedImages,
      List<Condition> conditions) {
    this(
        address,
        adminPort,
        null,
        agentVersion,
        engine,
        allocatable,
        startedAt,
        draining,
        memoryPressure,
        cachedImages,
        conditions);
  }

  public WasmNodeStatus {
    cachedImages = Lists.copy(cachedImages);
    conditions = Lists.copy(conditions);
  }
}
