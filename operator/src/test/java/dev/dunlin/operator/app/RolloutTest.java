package dev.dunlin.operator.app;

import static dev.dunlin.operator.app.Walk.NEW;
import static dev.dunlin.operator.app.Walk.OLD;
import static dev.dunlin.operator.app.Walk.held;
import static dev.dunlin.operator.app.Walk.recreate;
import static dev.dunlin.operator.app.Walk.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.operator.instance.Instance;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {

  @ParameterizedTest
  @CsvSource({"1,1,0", "2,1,0", "3,1,0", "4,1,1", "9,3,2", "10,3,2", "5,0,1", "5,0,5", "7,7,0"})
  void neverFewerThanAskedForAreAvailableAndNeverMoreExist(
      int replicas, int surge, int unavailable) {
    for (int seed = 0; seed < 5; seed++) {
      var random = new Random(seed);
      var walk = new Walk(wanted(replicas, surge, unavailable)).with(OLD, replicas, true);
      int passes = 0;
      while (walk.available(NEW) < replicas || walk.count(OLD) > 0) {
        walk.step();
        assertThat(walk.available()).as("%s", walk).isGreaterThanOrEqualTo(replicas - unavailable);
        assertThat(walk.size()).as("%s", walk).isLessThanOrEqualTo(replicas + surge);
        assertThat(passes++).as("passes with seed %d", seed).isLessThan(1000);
        walk.ready(random.nextInt(3));
      }
      assertThat(walk.settle()).hasToString("old 0/0, new %d/%d".formatted(replicas, replicas));
    }
  }

  @Test
  void aRolloutOfTenGoesTheWayOfADeployment() {
    var walk = new Walk(wanted(10, 3, 2)).with(OLD, 10, true);

    assertThat(walk.settle()).hasToString("old 8/8, new 0/5");
    assertThat(walk.ready(1).settle()).hasToString("old 7/7, new 1/6");
    assertThat(walk.ready(5).settle()).hasToString("old 2/2, new 6/10");
    assertThat(walk.ready(2).settle()).hasToString("old 0/0, new 8/10");
    assertThat(walk.ready(2).settle()).hasToString("old 0/0, new 10/10");
  }

  @Test
  void aRevisionThatNeverGetsReadyTakesNoMoreThanMaxUnavailable() {
    assertThat(new Walk(wanted(4, 1, 0)).with(OLD, 4, true).settle())
        .hasToString("old 4/4, new 0/1");
    assertThat(new Walk(wanted(4, 1, 1)).with(OLD, 4, true).settle())
        .hasToString("old 3/3, new 0/2");
  }

  @Test
  void puttingTheTemplateBackEndsABadRolloutAtOnce() {
    var bad = new Walk(wanted(4, 1, 1)).with(NEW, 3, true).with(OLD, 2, false);

    assertThat(bad.settle()).hasToString("old 0/0, new 3/4");
  }

  @Test
  void anUnknownImageTakesNothingFromWhatRuns() {
    var unknown = new Wanted(4, 1, 2, false, 0, false, false, false);

    assertThat(new Walk(unknown).with(OLD, 4, true).settle()).hasToString("old 4/4, new 0/0");
    assertThat(
            new Walk(new Wanted(4, 0, 4, true, 0, false, false, false)).with(OLD, 4, true).settle())
        .hasToString("old 4/4, new 0/0");
  }

  @Test
  void oldInstancesThatServeNobodyGoFirst() {
    var walk = new Walk(wanted(4, 1, 1)).with(OLD, 3, true).with(OLD, 1, false);

    walk.step();

    assertThat(walk).hasToString("old 3/3, new 0/1");
  }

  @Test
  void manyTemplatesInARowLeaveNoPile() {
    var walk = new Walk(wanted(4, 1, 1)).with(OLD, 4, true);
    for (int i = 0; i < 10; i++) {
      walk.settle();
      // What was new is as old as the rest once the template has changed again.
      walk.turn(NEW, 100, r -> true, r -> old(r));
      assertThat(walk.size()).isLessThanOrEqualTo(5);
    }
    assertThat(walk.settle().available()).isEqualTo(3);
  }

  private static Replica old(Replica r) {
    return new Replica(r.instance(), false, r.lost(), r.leaving(), r.available());
  }

  @Test
  void scalingUpInTheMiddleOfARolloutAddsOldOnesTooAsFarAsTheyHaveToBeAvailable() {
    var walk = new Walk(wanted(10, 3, 2)).with(OLD, 8, true).with(NEW, 5, false);
    walk.wanted = wanted(20, 5, 5);

    walk.step();

    assertThat(walk).hasToString("old 8/10, new 0/15");
  }

  @Test
  void scalingDownInTheMiddleOfARolloutTakesTheOldOnes() {
    var walk = new Walk(wanted(1, 1, 0)).with(OLD, 2, true).with(NEW, 1, true);

    var rollout = walk.next();

    assertThat(rollout.delete()).extracting(Instance::revision).containsExactly(OLD, OLD);
    assertThat(rollout.create()).isZero();
  }

  @Test
  void aLostOldInstanceIsMadeAgainWhileNothingNewMakesUpForIt() {
    var walk = new Walk(wanted(4, 1, 0)).with(OLD, 4, true).with(NEW, 1, false);
    walk.turn(OLD, 1, r -> true, Walk::lost);

    var rollout = walk.next();

    assertThat(rollout.again()).extracting(Instance::revision).containsExactly(OLD);
    assertThat(rollout.create()).isZero();
  }

  @Test
  void oldInstancesThatSomebodyDeletedAreMadeAgainWhereTheNewOnesAreBroken() {
    var walk = new Walk(wanted(4, 1, 1)).with(OLD, 2, true).with(NEW, 1, false);
    walk.turn(NEW, 1, r -> true, Walk::broken);

    var rollout = walk.next();

    assertThat(rollout.again()).extracting(Instance::revision).containsExactly(OLD);
  }

  @Test
  void oldInstancesThatSomebodyDeletedAreNotMissedWhileNewOnesStart() {
    var walk = new Walk(wanted(4, 1, 1)).with(OLD, 2, true).with(NEW, 1, false);

    assertThat(walk.next().again()).isEmpty();
  }

  @Test
  void theLastOldInstanceThatSomebodyDeletedIsMadeAgainWhereTheNewOneIsBroken() {
    var walk = new Walk(wanted(1, 1, 0)).after().with(NEW, 1, false);
    walk.turn(NEW, 1, r -> true, Walk::broken);

    assertThat(walk.settle()).hasToString("old 0/1, new 0/1");
  }

  @Test
  void theLastOldInstanceIsMadeAgainWhereNoNodeHasRoomForTheNewOne() {
    var walk = new Walk(wanted(1, 1, 0)).after();
    walk.full = true;

    assertThat(walk.settle()).hasToString("old 0/1, new 0/0");
  }

  @Test
  void oldInstancesThatSomebodyDeletedAreMadeAgainWhereTheNewImageHasAFault() {
    var faulty = new Wanted(3, 1, 0, false, 0, false, false, true);
    var recreate = new Wanted(3, 0, 3, true, 0, false, false, true);

    assertThat(new Walk(faulty).after().settle()).hasToString("old 0/3, new 0/0");
    assertThat(new Walk(faulty).with(OLD, 2, true).settle()).hasToString("old 2/3, new 0/0");
    assertThat(new Walk(recreate).after().settle()).hasToString("old 0/3, new 0/0");
  }

  @Test
  void nothingOldIsMadeWhileTheRegistryIsAskedForTheNewImage() {
    var asking = new Wanted(4, 1, 1, false, 0, false, false, false);

    assertThat(new Walk(asking).after().with(OLD, 2, true).settle())
        .hasToString("old 2/2, new 0/0");
  }

  @Test
  void nothingOldIsMadeOnceTheNewOnesServe() {
    var walk = new Walk(wanted(2, 1, 0)).after().with(NEW, 2, true);

    assertThat(walk.settle()).hasToString("old 0/0, new 2/2");
  }

  @Test
  void recreateEndsAllOldOnesBeforeTheFirstNewOneStarts() {
    var walk = new Walk(recreate(3)).with(OLD, 3, true);

    var first = walk.next();
    walk.turn(OLD, 3, r -> true, Walk::terminating);
    var meanwhile = walk.next();
    walk.turn(OLD, 3, r -> true, Walk::lost);
    var then = walk.next();

    assertThat(first.delete()).hasSize(3);
    assertThat(first.create()).isZero();
    assertThat(meanwhile.create()).isZero();
    assertThat(then.create()).isEqualTo(3);
  }

  @Test
  void whatIsHeldIsKeptWhateverItsTemplate() {
    var walk = new Walk(held(4, true)).with(OLD, 3, true).with(NEW, 1, false);

    assertThat(walk.settle()).hasToString("old 3/3, new 0/1");
  }

  @Test
  void whatIsHeldIsReplacedByItsLikeWhenItIsLost() {
    var walk = new Walk(held(4, true)).with(OLD, 3, true).with(NEW, 1, true);
    walk.turn(OLD, 1, r -> true, Walk::lost).turn(NEW, 1, r -> true, Walk::lost);

    var rollout = walk.next();

    assertThat(rollout.again()).extracting(Instance::revision).containsExactly(OLD);
    assertThat(rollout.create()).isEqualTo(1);
  }

  @Test
  void whatIsHeldIsScaledAsItIs() {
    assertThat(new Walk(held(5, false)).with(OLD, 3, true).settle())
        .hasToString("old 3/5, new 0/0");
    assertThat(new Walk(held(2, true)).with(OLD, 2, true).with(NEW, 1, false).settle())
        .hasToString("old 2/2, new 0/0");
  }

  @Test
  void nothingIsMadeOfAnAppThatIsHeldFromTheStart() {
    assertThat(new Walk(held(3, false)).settle().size()).isZero();
  }

  @Test
  void whatLeavesItsNodeIsTakenAwayOnlyOnceItsReplacementIsAvailable() {
    var walk = new Walk(wanted(1, 1, 0)).with(NEW, 1, true);
    walk.turn(NEW, 1, r -> true, Walk::leaving);

    assertThat(walk.settle()).hasToString("old 0/0, new 1/2");
    assertThat(walk.ready(1).settle()).hasToString("old 0/0, new 1/1");
  }

  @Test
  void drainsTakeAwayAtOnceWhatDisruptionAllows() {
    var walk = new Walk(new Wanted(4, 1, 0, false, 2, false, true, false)).with(NEW, 4, true);
    walk.turn(NEW, 4, r -> true, Walk::leaving);

    var rollout = walk.next();

    assertThat(rollout.create()).isEqualTo(4);
    assertThat(rollout.delete()).hasSize(2);
  }

  @Test
  void aDrainInTheMiddleOfABadRolloutMovesTheOldOnes() {
    var walk = new Walk(wanted(4, 1, 0)).with(OLD, 4, true).with(NEW, 1, false);
    walk.turn(OLD, 1, r -> true, Walk::leaving);

    var rollout = walk.next();

    assertThat(rollout.again()).extracting(Instance::revision).containsExactly(OLD);
    assertThat(rollout.delete()).isEmpty();
  }

  @Test
  void moreThanWantedOfTheRightKindAreTakenAway() {
    assertThat(new Walk(wanted(2, 1, 0)).with(NEW, 5, true).settle())
        .hasToString("old 0/0, new 2/2");
  }

  @Test
  void theLastThatWasEvictedTellsWhyUntilTheAppIsWholeAgain() {
    var walk = new Walk(wanted(3, 1, 0)).with(NEW, 3, true);
    walk.turn(NEW, 2, r -> true, Walk::evicted);

    walk.settle();
    assertThat(walk).hasToString("old 0/0, new 1/4"); // two that start, and the last one evicted
    walk.turn(NEW, 2, r -> !r.available() && !r.instance().evicted(), Walk::evicted).settle();
    assertThat(walk).hasToString("old 0/0, new 1/4");

    walk.turn(NEW, 4, r -> !r.instance().evicted(), Walk::becomesAvailable).settle();
    assertThat(walk).hasToString("old 0/0, new 3/3");
  }

  @Test
  void whatWasEvictedIsNotKeptForAnAppThatIsOffOrOfAnotherTemplate() {
    var off = new Walk(wanted(1, 1, 0)).with(NEW, 1, true).turn(NEW, 1, r -> true, Walk::evicted);
    off.wanted = wanted(0, 1, 0);
    assertThat(off.settle()).hasToString("old 0/0, new 0/0");

    var older = new Walk(wanted(1, 1, 0)).with(OLD, 1, true).turn(OLD, 1, r -> true, Walk::evicted);
    assertThat(older.settle().count(OLD)).isEqualTo(1); // its like, made again
  }
}
