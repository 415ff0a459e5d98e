package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a cluster's owner asks of an agent. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmNodeSpec(
    @JsonPropertyDescription("Whether new instances are kept away from this node.")
        @Nullable Boolean unschedulable,
    @JsonPropertyDescription(
            "Keep off instances that do not tolerate them; the taints of the Kubernetes Node of the same name hold too.")
        @Size(max = 64)
        List<Taint> taints) {
  public WasmNodeSpec {
    taints = Lists.copy(taints);
  }
}
