package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.operator.canary.Findings;
import dev.dunlin.operator.placement.ANode;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialStoryTest {
  private static final String STEPS =
      "strategy: {type: Canary, canary: {steps: [{weight: 5, pauseSeconds: 10}, {weight: 50, pauseSeconds: 20}], analysis: {maxErrorPercent: 2, minRequests: 20}}}";
  private static final String PINNED = STEPS + "\nrollbackTo: {revision: 1}";

  private final TrialWorld world = new TrialWorld("n1", "n2");

  @Test
  void theFirstTemplateNeedsNoTrial() {
    first();

    assertThat(world.of("a")).hasSize(4);
    assertThat(WasmAppState.status(world.app).canary()).isNull();
    assertThat(world.condition("Progressing").reason()).isEqualTo(Reasons.ROLLED_OUT);
  }

  @Test
  void aChangedTemplateGoesByItsStepsAndIsRolledOutWholly() {
    first();
    world.apply("b", 4, STEPS).settle();
    assertThat(world.of("a")).hasSize(4);
    assertThat(world.of("b")).containsExactlyInAnyOrder("n1", "n2");
    assertThat(world.shares("b")).containsExactly(5.0, 5.0);
    assertThat(world.lookAgain).contains(Duration.ofSeconds(5));
    assertThat(world.condition("Progressing").reason()).isEqualTo(Reasons.CANARY_STEP);
    assertThat(world.condition("Progressing").message())
        .endsWith("is tried: step 1 of 2, with 5 % of the requests.");
    assertThat(WasmAppState.status(world.app).replicas()).as("what an HPA sees").isEqualTo(4);

    world.seconds(9);
    assertThat(world.shares("b")).containsExactly(5.0, 5.0);
    world.seconds(1);
    assertThat(world.shares("b")).containsExactly(50.0, 50.0);
    world.seconds(20);

    assertThat(world.of("a")).isEmpty();
    assertThat(world.of("b")).hasSize(4);
    assertThat(world.hasWeights()).isFalse();
    assertThat(WasmAppState.status(world.app).canary()).isNull();
    assertThat(world.condition("Progressing").reason()).isEqualTo(Reasons.ROLLED_OUT);
    assertThat(world.events)
        .containsSubsequence(
            Reasons.CANARY_STEP, Reasons.CANARY_STEP, Reasons.CANARY_PROMOTED, Reasons.ROLLED_OUT);
  }

  @Test
  void whatServesGoesOnWhereTheCanaryNeverGetsReady() {
    first();
    world.ill.add("b");
    world.apply("b", 4, STEPS + "\nprogressDeadlineSeconds: 30").seconds(20);
    assertThat(world.condition("Progressing").reason()).isEqualTo(Reasons.ROLLING_OUT);
    world.now = world.now.plus(world.lookAgain.orElseThrow());
    world.pass();

    assertThat(world.condition("Progressing").status()).isEqualTo(Condition.FALSE);
    assertThat(world.condition("Progressing").reason())
        .isEqualTo(Reasons.PROGRESS_DEADLINE_EXCEEDED);
    assertThat(world.condition("Ready").status()).isEqualTo(Condition.TRUE);
    assertThat(world.of("a")).hasSize(4);
    assertThat(world.shares("a")).containsExactly(100.0, 100.0);
  }

  @Test
  void aBadCanaryIsGivenUpAtOnceAndStaysSoUntilTheTemplateChanges() {
    first();
    world.apply("b", 4, STEPS).settle();
    bad();
    world.agents();
    world.pass();

    assertThat(world.of("b")).isEmpty();
    assertThat(world.shares("a")).containsExactly(100.0, 100.0);
    assertThat(world.condition("Progressing").status()).isEqualTo(Condition.FALSE);
    assertThat(world.condition("Progressing").reason()).isEqualTo(Reasons.CANARY_FAILED);
    assertThat(world.condition("Progressing").message())
        .contains("3 of 40 answers were errors (7.5 %, at most 2 % allowed)");
    assertThat(world.events).contains(Reasons.CANARY_FAILED);
    assertThat(world.canary().failed()).isTrue();
    good();
    world.apply("b", 5, STEPS).seconds(100);
    assertThat(world.of("b")).isEmpty();
    assertThat(world.of("a")).hasSize(5);
    assertThat(world.hasWeights()).isFalse();
    world.apply("c", 5, STEPS).settle();
    assertThat(world.shares("c")).containsExactly(5.0, 5.0);
  }

  @Test
  void anotherTemplateInTheMiddleIsTriedInstead() {
    first();
    world.apply("b", 4, STEPS).settle().seconds(10);
    world.apply("c", 4, STEPS).settle();

    assertThat(world.of("a")).hasSize(4);
    assertThat(world.of("b")).isEmpty();
    assertThat(world.of("c")).hasSize(2);
    assertThat(world.shares("c")).containsExactly(5.0, 5.0);
  }

  @Test
  void anotherTemplateWhileTheRestIsRolledOutBringsTheFirstOneBack() {
    first();
    world.apply("b", 4, STEPS).settle().seconds(29);
    world.now = world.now.plusSeconds(1);
    world.agents();
    world.pass(); // all steps are over
    world.pass(); // and some of the first are gone
    assertThat(world.of("a")).hasSizeBetween(1, 3);
    world.apply("c", 4, STEPS).settle();

    assertThat(world.of("a")).hasSize(4);
    assertThat(world.of("b")).isEmpty();
    assertThat(world.shares("c")).containsExactly(5.0, 5.0);
  }

  @Test
  void theTemplatePutBackEndsItAtOnce() {
    first();
    world.apply("b", 4, STEPS).settle().seconds(10);
    world.apply("a", 4, STEPS);
    world.pass();
    assertThat(world.of("b")).isEmpty();
    world.settle();

    assertThat(world.of("a")).hasSize(4);
    assertThat(world.hasWeights()).isFalse();
    assertThat(WasmAppState.status(world.app).canary()).isNull();
  }

  @Test
  void aRollBackNeedsNoTrial() {
    first();
    world.apply("b", 4, STEPS).seconds(60);
    assertThat(world.of("b")).hasSize(4);
    world.apply("b", 4, PINNED).settle();

    assertThat(world.of("a")).hasSize(4);
    assertThat(world.of("b")).isEmpty();
    assertThat(world.events.subList(world.events.size() - 1, world.events.size()))
        .containsExactly(Reasons.ROLLED_OUT);
  }

  @Test
  void aPausedStepLasts() {
    first();
    world.apply("b", 4, STEPS).settle().seconds(10);
    world.apply("b", 4, STEPS + "\npaused: true").seconds(100);
    assertThat(world.shares("b")).containsExactly(50.0, 50.0);
    assertThat(world.condition("Progressing").reason()).isEqualTo(Reasons.PAUSED);
    assertThat(world.condition("Progressing").message()).contains("step 2 of 2");
    world.apply("b", 4, STEPS).settle();

    assertThat(world.of("a")).isEmpty();
  }

  @Test
  void otherwiseTheAppIsLookedAfterAsEver() {
    first();
    world.apply("b", 4, STEPS).settle();

    world.apply("b", 6, STEPS).settle();
    assertThat(world.of("a")).hasSize(6);
    world.nodes.put("n3", ANode.named("n3"));
    world.apply("b", 9, STEPS).settle();
    assertThat(world.of("a")).hasSize(9);
    assertThat(world.of("b")).hasSize(3);
    assertThat(world.shares("b")).containsExactly(5.0, 5.0, 5.0);
    world.nodes.remove("n1");
    world.settle();
    assertThat(world.of("a")).hasSize(9);
    assertThat(world.of("b")).hasSize(2);
    assertThat(world.shares("b")).containsExactly(5.0, 5.0);
    world.apply("b", 1, STEPS).settle();
    assertThat(world.of("a")).hasSize(1);
    assertThat(world.of("b")).hasSize(1);
    world.apply("b", 0, STEPS).settle();
    assertThat(world.instances).isEmpty();
    world.apply("b", 4, STEPS).settle();
    assertThat(world.of("a")).hasSize(4);
    assertThat(world.shares("b")).containsExactly(5.0, 5.0);
    assertThat(world.canary().step()).isZero();
  }

  @Test
  void aStableInstanceThatIsGoneIsMadeAgainLikeIt() {
    first();
    world.apply("b", 4, STEPS).settle();
    world.delete("a");
    world.settle();

    assertThat(world.of("a")).hasSize(4);
    assertThat(world.shares("b")).containsExactly(5.0, 5.0);
  }

  @Test
  void noStepEndsWhereItIsNotReadyAnyMore() {
    first();
    world.apply("b", 4, STEPS).settle();
    world.ill.add("b");
    world.seconds(100);

    assertThat(world.canary().step()).isZero();
    assertThat(world.shares("a")).containsExactly(100.0, 100.0);
  }

  @Test
  void anotherStrategyInTheMiddleRollsItOutAtOnce() {
    first();
    world.apply("b", 4, STEPS).settle();
    world.apply("b", 4, "").settle();

    assertThat(world.of("a")).isEmpty();
    assertThat(world.of("b")).hasSize(4);
    assertThat(world.hasWeights()).isFalse();
  }

  @Test
  void aNodeWithoutRoomKeepsItFromBeginning() {
    var full = new TrialWorld("n1");
    full.apply("a", 7, STEPS).settle();
    full.apply("b", 7, STEPS).settle();

    assertThat(full.of("a")).hasSize(7);
    assertThat(full.of("b")).isEmpty();
    assertThat(full.condition("Progressing").reason()).isEqualTo(Reasons.UNSCHEDULABLE);
    assertThat(full.condition("Ready").status()).isEqualTo(Condition.TRUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void whereverTheOperatorDiesAnotherOneGoesOn(int seed) {
    first();
    world.apply("b", 4, STEPS);
    var random = new Random(seed);
    int before = -1;
    for (int second = 0; second < 400 && world.of("b").size() < 4; second++) {
      world.livesFor = random.nextInt(6);
      try {
        world.agents();
        world.pass();
        world.now = world.now.plusSeconds(1);
      } catch (TrialWorld.Died another) {
        assertThat(world.of("b").size()).as("%s", world).isLessThanOrEqualTo(4);
      }
      var canary = WasmAppState.status(world.app).canary();
      int step = canary == null || canary.step() == null ? -1 : canary.step();
      if (canary != null) assertThat(step).isGreaterThanOrEqualTo(before);
      before = canary == null ? before : step;
    }
    world.livesFor = Integer.MAX_VALUE;
    world.seconds(60);

    assertThat(world.of("a")).isEmpty();
    assertThat(world.of("b")).hasSize(4);
    assertThat(world.hasWeights()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void whateverHappensInTheEndOneTemplateIsThereAsOftenAsAskedFor(int seed) {
    var random = new Random(seed);
    first();
    for (int i = 0; i < 60; i++) {
      String template = String.valueOf((char) ('a' + random.nextInt(4)));
      switch (random.nextInt(8)) {
        case 0 -> world.apply(template, 2 + random.nextInt(5), STEPS);
        case 1 -> world.nodes.put("n3", ANode.named("n3"));
        case 2 -> world.nodes.remove("n3");
        case 3 -> world.ill.add(template);
        case 4 -> world.ill.clear();
        case 5 -> bad();
        case 6 -> good();
        default -> world.delete(template);
      }
      for (int pass = random.nextInt(5); pass > 0; pass--) {
        world.now = world.now.plusSeconds(random.nextInt(8));
        if (random.nextBoolean()) world.agents();
        world.pass();
      }
    }
    world.ill.clear();
    good();
    world.apply("last", 5, STEPS).seconds(100);

    assertThat(world.instances.values()).hasSize(5);
    assertThat(world.of("last")).hasSize(5);
    assertThat(world.hasWeights()).isFalse();
  }

  private void first() {
    world.apply("a", 4, STEPS).settle();
  }

  private void bad() {
    world.findings = new Findings(40, 3, OptionalDouble.of(0.01), "");
  }

  private void good() {
    world.findings = new Findings(40, 0, OptionalDouble.of(0.01), "");
  }
}
