package dev.dunlin.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.operator.placement.Room;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InstancesTest {
  private static final Room ONE = Room.requested(null);
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
    assertThat(instances.roomTaken("n1")).isEqualTo(ONE);
  }

  @Test
  void whatTheWatchTellsIsNotCountedTwice() {
    instances.creating(instance("a"));
    instances.observe(null, instance("a"));

    assertThat(instances.ofApp("ns", "app")).hasSize(1);
    assertThat(instances.roomTaken("n1")).isEqualTo(ONE);
  }

  @Test
  void whatWasNotCreatedAfterAllIsNotThere() {
    instances.creating(instance("a"));
    instances.notCreated(instance("a"));

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.roomTaken("n1")).isEqualTo(Room.NONE);
  }

  @Test
  void anEventThatCameBeforeTheAnswerLeavesNoGhost() {
    var a = instance("a");
    instances.creating(a);
    instances.observe(null, a);
    instances.observe(a, null);

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.roomTaken("n1")).isEqualTo(Room.NONE);
  }

  @Test
  void aNamesakeThatIsStillGoingLeavesNoRoomTaken() {
    var old = instance("job-run-1", InstancePhase.Succeeded);
    instances.observe(null, old);
    instances.creating(instance("job-run-1"));
    instances.observe(old, null);

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.roomTaken("n1")).isEqualTo(Room.NONE);
  }

  @Test
  void whatIsCreatedTwiceTakesRoomOnce() {
    instances.creating(instance("job-run-1"));
    instances.creating(instance("job-run-1"));

    assertThat(instances.roomTaken("n1")).isEqualTo(ONE);
  }

  @Test
  void whatIsBeingDeletedIsTerminatingButStillTakesItsRoom() {
    var a = instance("a");
    instances.observe(null, a);
    instances.deleting(a);

    assertThat(instances.ofApp("ns", "app")).singleElement().matches(Instance::terminating);
    assertThat(instances.roomTaken("n1")).isEqualTo(ONE);
  }

  @Test
  void finishedInstancesTakeNoRoom() {
    var running = instance("a", InstancePhase.Running);
    instances.observe(null, running);
    instances.observe(running, instance("a", InstancePhase.Succeeded));

    assertThat(instances.roomTaken("n1")).isEqualTo(Room.NONE);
    assertThat(instances.ofApp("ns", "app")).hasSize(1);
  }

  @Test
  void aWriteThatTheWatchNeverTellsIsForgottenInTheEnd() {
    instances.creating(instance("a"));
    nanos = Duration.ofMinutes(3).toNanos();

    assertThat(instances.ofApp("ns", "app")).isEmpty();
    assertThat(instances.roomTaken("n1")).isEqualTo(Room.NONE);
  }

  @Test
  void theLowestPriorityIsKnownWhileAnybodyHasIt() {
    var low = AnInstance.of("low", "r", "n1", "Running", true);
    low.setSpec(
        Serialization.unmarshal(
            "---\nappName: app\nrevision: r\nnodeName: n1\nimage: i\npriority: -5\n",
            WasmInstanceSpec.class));

    instances.observe(null, instance("a"));
    instances.observe(null, low);
    assertThat(instances.lowestPriority()).isEqualTo(-5);
    instances.observe(low, null);
    assertThat(instances.lowestPriority()).isZero();
  }

  @Test
  void whatThisProcessDeletesIsOnItsNodeAsGoing() {
    instances.observe(null, instance("a"));
    instances.deleting(instance("a"));

    assertThat(instances.tenants("n1")).singleElement().matches(Instance::terminating);
    assertThat(instances.tenants("n2")).isEmpty();
  }

  @Test
  void anInstanceIsFoundByItsNodeUntilItIsGone() {
    var a = instance("a");
    instances.observe(null, a);
    assertThat(instances.onNode("n1")).containsExactly(a);
    instances.observe(a, null);

    assertThat(instances.onNode("n1")).isEmpty();
    assertThat(instances.nodes()).isEmpty();
    assertThat(instances.size()).isZero();
  }

  @Test
  void whatANamespaceTakesIsCountedOnceFromBeingMadeToItsEnd() {
    instances.creating(instance("a"));
    instances.observe(null, instance("a"));
    assertThat(instances.used("ns")).isEqualTo(new Room(Room.DEFAULT_MEMORY_BYTES, 0, 1));
    instances.observe(instance("a"), instance("a", InstancePhase.Failed));

    assertThat(instances.used("ns")).isEqualTo(Room.NONE);
  }
}
