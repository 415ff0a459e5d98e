package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutTest {
  private int made;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9})
  void neverFewerThanWantedAreReadyAndNeverMoreThanTheSurgeExist(int replicas) {
    for (int seed = 0; seed < 5; seed++) {
      var random = new Random(seed);
      var alive = new ArrayList<Instance>();
      for (int i = 0; i < replicas; i++) alive.add(instance("old", true, i));

      int passes = 0;
      for (var step = of(replicas, alive); !isDone(replicas, alive); step = of(replicas, alive)) {
        alive.removeAll(step.delete());
        for (int i = 0; i < step.create(); i++) alive.add(instance("new", false, i));
        alive.replaceAll(i -> i.ready() || random.nextInt(3) > 0 ? i : instance("new", true, 0));

        assertThat(alive).filteredOn(Instance::ready).hasSizeGreaterThanOrEqualTo(replicas);
        assertThat(alive).hasSizeLessThanOrEqualTo(replicas + Math.max(1, (replicas + 3) / 4));
        assertThat(passes++).as("passes with seed %d", seed).isLessThan(1000);
      }
    }
  }

  @Test
  void aRevisionThatNeverGetsReadyTakesNothingFromTheOldOne() {
    var alive = new ArrayList<Instance>();
    for (int i = 0; i < 4; i++) alive.add(instance("old", true, i));
    alive.add(instance("new", false, 0));

    var rollout = of(4, alive);

    assertThat(rollout.delete()).isEmpty();
    assertThat(rollout.create()).isZero();
  }

  @Test
  void scalingDownInTheMidstOfARolloutTakesTheOldOnes() {
    var alive =
        List.of(instance("old", true, 0), instance("old", true, 1), instance("new", true, 2));

    var rollout = of(1, alive);

    assertThat(rollout.delete()).extracting(Instance::revision).containsExactly("old", "old");
    assertThat(rollout.create()).isZero();
  }

  @Test
  void whatIsOnALeavingNodeIsDeletedOnlyOnceItsReplacementIsReady() {
    var leaving = instance("new", true, 0);
    var coming = instance("new", false, 1);

    var before = Rollout.of(1, List.of(leaving), i -> true, i -> false, Set.of("n0"), true);
    var meanwhile =
        Rollout.of(1, List.of(leaving, coming), i -> true, i -> false, Set.of("n0"), true);
    var after =
        Rollout.of(
            1,
            List.of(leaving, instance("new", true, 1)),
            i -> true,
            i -> false,
            Set.of("n0"),
            true);

    assertThat(before.create()).isEqualTo(1);
    assertThat(before.delete()).isEmpty();
    assertThat(meanwhile.delete()).isEmpty();
    assertThat(after.delete()).containsExactly(leaving);
  }

  private static Rollout of(int replicas, List<Instance> alive) {
    return Rollout.of(replicas, alive, i -> i.revision().equals("new"), i -> false, Set.of(), true);
  }

  private static boolean isDone(int replicas, List<Instance> alive) {
    return alive.size() == replicas
        && alive.stream().allMatch(i -> i.ready() && i.revision().equals("new"));
  }

  private Instance instance(String revision, boolean ready, int node) {
    var object = AnInstance.of("app-" + made++, revision, "n" + node, "Running", ready);
    return Instance.of(object);
  }
}
