package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.RestartPolicy;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import java.time.Instant;
import java.util.Optional;

/** What an instance is there for. */
public sealed interface Workload {
  /** Answers requests on the app's port. */
  record Http(HttpInstance settings) implements Workload {}

  /** A command that keeps running. */
  record Worker(RestartPolicy restartPolicy) implements Workload {}

  /** A command that runs once. */
  record Job(Optional<Instant> deadline) implements Workload {}

  /** Whether its status says that nobody asks it anything. */
  default boolean saysWhetherIdle() {
    return this instanceof Http(HttpInstance settings) && settings.idleAfterSeconds() != null;
  }

  static Workload of(WasmInstanceSpec spec) {
    HttpInstance http = spec.http();
    if (http != null) {
      return new Http(http);
    }
    JobRun job = spec.job();
    if (job != null) {
      return new Job(Optional.ofNullable(job.deadline()).map(Instant::parse));
    }
    WorkerWorkload worker = spec.worker();
    return new Worker(worker == null ? RestartPolicy.Always : worker.restartPolicy());
  }
}
