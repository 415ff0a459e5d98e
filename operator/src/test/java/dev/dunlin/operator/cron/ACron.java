package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cron apps and their jobs for tests. */
final class ACron {
  static final Instant CREATED = Instant.parse("2026-01-01T12:00:00Z");

  /** One named {@code tick}, created at noon. */
  static WasmApp of(String cron) {
    return Serialization.unmarshal(
        """
        ---
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata:
          name: tick
          namespace: ns
          uid: cron-uid
          generation: 1
          creationTimestamp: "2026-01-01T12:00:00Z"
          labels: {team: red}
          annotations: {note: kept, kubectl.kubernetes.io/last-applied-configuration: "{}"}
        spec:
          image: registry.example/tick:v1
          args: [go]
          replicas: 3
          paused: true
          cron: {%s}
        """
            .formatted(cron),
        WasmApp.class);
  }

  static WasmApp with(WasmApp app, CronStatus cron, List<Condition> conditions) {
    app.setStatus(status(null, cron, conditions));
    return app;
  }

  static WasmApp ended(WasmApp job, boolean well, Instant at) {
    job.setStatus(
        status(
            new JobStatus(0, 1, 0, at.toString(), at.toString(), "0", null, null, null, null, null),
            null,
            List.of(
                new Condition(
                    well ? "Complete" : "Failed", Condition.TRUE, "It", "is so.", null, null))));
    return job;
  }

  private static WasmAppStatus status(
      @Nullable JobStatus job, @Nullable CronStatus cron, List<Condition> conditions) {
    return WasmAppStatus.EMPTY
        .edit()
        .withJob(job)
        .withCron(cron)
        .withConditions(conditions)
        .build();
  }

  private ACron() {}
}
