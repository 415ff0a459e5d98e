package dev.dunlin.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.placement.Memory;
import dev.dunlin.operator.placement.Usage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InstancesTest {
  private static final Usage ONE = new Usage(Memory.DEFAULT_BYTES, 1);
  private long nanos;
  private final Instances instances = new Instances(() -> nanos);

  private static WasmInstance instance(String name) {
    return instance(name, InstancePhase.Pending);
  }

  private static WasmInstance instance(String name, InstancePhase phase) {
    return AnInstance.of(name, "r", "n1", phase.name(), false);
  }

  @Test
  void whatIsBeingCreatedCountsBeforeTheWatchTells() {
    instances.creating(instance("a"));

    assertThat(instances.ofApp("ns", "app")).hasSize(1);
    assertThat(instances.usage("n1")).isEqualTo(ONE);
  }

  @Test
  void whatTheWatchTellsIsNotCountedTwice() {
    instances.creating(instance("a"));
    instances.observe(null, instance("a"));

    assertThat(instances.ofApp("ns", "app")).hasSize(1);
    assertThat(instances.usage("n1")).isEqualTo(ONE);
  }

  @Test
  void whatWasNotCreatedAfterAllIsNotThere() {
    instances.creating(instance("a"));
    instances.notCreated(instance("a"));

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.usage("n1")).isEqualTo(Usage.NONE);
  }

  @Test
  void anEventThatCameBeforeTheAnswerLeavesNoGhost() {
    var a = instance("a");
    instances.creating(a);
    instances.observe(null, a);
    instances.observe(a, null);

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.usage("n1")).isEqualTo(Usage.NONE);
  }

  @Test
  void aNamesakeThatIsStillGoingLeavesNoRoomTaken() {
    var old = instance("job-run-1", InstancePhase.Succeeded);
    instances.observe(null, old);
    instances.creating(instance("job-run-1"));
    instances.observe(old, null);

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.usage("n1")).isEqualTo(Usage.NONE);
  }

  @Test
  void whatIsCreatedTwiceTakesRoomOnce() {
    instances.creating(instance("job-run-1"));
    instances.creating(instance("job-run-1"));

    assertThat(instances.usage("n1")).isEqualTo(ONE);
  }

  @Test
  void whatIsBeingDeletedIsTerminatingButStillTakesItsRoom() {
    var a = instance("a");
    instances.observe(null, a);
    instances.deleting(a);

    assertThat(instances.ofApp("ns", "app")).singleElement().matches(Instance::terminating);
    assertThat(instances.usage("n1")).isEqualTo(ONE);
  }

  @Test
  void finishedInstancesTakeNoRoom() {
    var running = instance("a", InstancePhase.Running);
    instances.observe(null, running);
    instances.observe(running, instance("a", InstancePhase.Succeeded));

    assertThat(instances.usage("n1")).isEqualTo(Usage.NONE);
    assertThat(instances.ofApp("ns", "app")).hasSize(1);
  }

  @Test
  void aWriteThatTheWatchNeverTellsIsForgottenInTheEnd() {
    instances.creating(instance("a"));
    nanos = Duration.ofMinutes(3).toNanos();

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.usage("n1")).isEqualTo(Usage.NONE);
  }
}
