package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a volume is and who has it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmVolumeStatus(
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Pending, Bound or Lost (its node is gone for good).")
        @Nullable VolumePhase phase,
    @JsonPropertyDescription("Node whose disk holds it (ReadWriteOnce).") @Nullable String nodeName,
    @JsonPropertyDescription("App that has it (ReadWriteOnce): the first that asked.")
        @Nullable String usedBy,
    @JsonPropertyDescription("Bound.") List<Condition> conditions) {
  public static final WasmVolumeStatus EMPTY =
      new WasmVolumeStatus(null, null, null, null, List.of());

  public WasmVolumeStatus {
    conditions = Lists.copy(conditions);
  }
}
