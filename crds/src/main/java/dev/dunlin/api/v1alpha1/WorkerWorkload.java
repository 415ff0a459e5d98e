package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** A command that keeps running. */
public record WorkerWorkload(
    @JsonPropertyDescription(
            "When a command that ended is started again, with backoff: Always, OnFailure or Never.")
        @Default("Always")
        RestartPolicy restartPolicy)
    implements Workload {
  public WorkerWorkload {
    restartPolicy = restartPolicy == null ? RestartPolicy.Always : restartPolicy;
  }
}
