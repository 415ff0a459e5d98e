package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.RestartPolicy;
import dev.dunlin.engine.ModuleKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadFitTest {
  private static final Workload HTTP = new Workload.Http(new HttpInstance(20000, 30, 16, 1));
  private static final Workload WORKER = new Workload.Worker(RestartPolicy.Always);
  private static final Workload JOB = new Workload.Job(Optional.empty());

  @Test
  void aCoreModuleRunsAsEverything() {
    for (Workload workload : new Workload[] {HTTP, WORKER, JOB}) {
      assertThat(WorkloadFit.obstacle(workload, ModuleKind.COMMAND)).isEmpty();
    }
  }

  @Test
  void aComponentRunsAsWhatItExports() {
    assertThat(WorkloadFit.obstacle(HTTP, ModuleKind.HTTP_COMPONENT)).isEmpty();
    assertThat(WorkloadFit.obstacle(WORKER, ModuleKind.COMMAND_COMPONENT)).isEmpty();
    assertThat(WorkloadFit.obstacle(JOB, ModuleKind.COMMAND_COMPONENT)).isEmpty();
  }

  @Test
  void elseItIsSaidWhatTheSpecSaysAndWhatTheComponentIs() {
    assertThat(WorkloadFit.obstacle(HTTP, ModuleKind.COMMAND_COMPONENT).orElseThrow())
        .contains("the spec says http", "exports wasi:cli/run");
    assertThat(WorkloadFit.obstacle(WORKER, ModuleKind.HTTP_COMPONENT).orElseThrow())
        .contains("the spec says worker", "Set http instead of worker");
    assertThat(WorkloadFit.obstacle(JOB, ModuleKind.HTTP_COMPONENT).orElseThrow())
        .contains("the spec says job", "Set http instead of job");
  }
}
