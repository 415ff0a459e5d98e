package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.engine.Outcome;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private final Split split = new Split();
  private final Backend old = backend("shop-r1-a", "r1", 0);
  private final Backend one = backend("shop-r2-a", "r2", 10);
  private final Backend two = backend("shop-r2-b", "r2", 20);

  @Test
  void theLeastBusyOfTheNewestRevisionAnswers() throws InterruptedException {
    two.come();

    assertThat(Choice.among(List.of(old, one, two), split)).contains(one);
    one.come();
    one.come();
    assertThat(Choice.among(List.of(old, one, two), split)).contains(two);
  }

  @Test
  void whatDrainsAnswersOnlyWhereNoOtherDoes() {
    one.drain();
    two.drain();

    assertThat(Choice.among(List.of(old, one, two), split)).contains(old);
    old.drain();
    assertThat(Choice.among(List.of(old, one, two), split)).contains(one);
    assertThat(Choice.among(List.of(), split)).isEmpty();
  }

  @Test
  void aNewRevisionAnswersFromTheMomentItIsReady() {
    one.stand(Backend.Standing.OUT);
    assertThat(Choice.among(List.of(old, one), split)).contains(old);

    one.stand(Backend.Standing.READY);

    assertThat(Choice.among(List.of(old, one), split)).contains(one);
  }

  @Test
  void aRevisionThatIsNotReadyAnyMoreGivesWayToTheOldOneEvenWhileThatDrains() {
    one.stand(Backend.Standing.UNREADY);
    old.drain();

    assertThat(Choice.among(List.of(old, one), split)).contains(old);
  }

  @Test
  void whereNoneIsReadyOneThatWasAnswersAndNoneThatNeverWas() {
    one.stand(Backend.Standing.UNREADY);
    two.stand(Backend.Standing.OUT);

    assertThat(Choice.among(List.of(one, two), split)).contains(one);
    assertThat(Choice.among(List.of(two), split)).isEmpty();
  }

  @Test
  void whatIsShutNeverAnswersAgainWhateverItsProbesSay() {
    one.shut();
    one.stand(Backend.Standing.READY);

    assertThat(Choice.among(List.of(one), split)).isEmpty();
  }

  @Test
  void revisionsThatHaveWeightsShareRequestsExactly() {
    old.weigh(OptionalInt.of(95));
    one.weigh(OptionalInt.of(5));
    two.weigh(OptionalInt.of(5));

    long ofTheNew = 0;
    for (int request = 1; request <= 1_000; request++) {
      ofTheNew += Choice.among(List.of(old, one, two), split).orElseThrow() == old ? 0 : 1;
      assertThat(ofTheNew * 20.0).as("of %d requests", request).isCloseTo(request, within(20.0));
    }
    assertThat(ofTheNew).isEqualTo(50);
  }

  @Test
  void aWeightOfARevisionThatIsNotReadyCountsForNothing() {
    old.weigh(OptionalInt.of(50));
    one.weigh(OptionalInt.of(50));
    one.stand(Backend.Standing.UNREADY);

    for (int request = 0; request < 10; request++)
      assertThat(Choice.among(List.of(old, one), split)).contains(old);
  }

  @Test
  void aRevisionOfWeightZeroGetsNothingAsLongAsAnotherIsReady() {
    old.weigh(OptionalInt.of(100));
    one.weigh(OptionalInt.of(0));

    for (int request = 0; request < 10; request++)
      assertThat(Choice.among(List.of(old, one), split)).contains(old);
    old.shut();
    assertThat(Choice.among(List.of(old, one), split)).contains(one);
  }

  private static Backend backend(String instance, String revision, int createdAt) {
    return new Backend(
        instance,
        revision,
        Instant.ofEpochSecond(createdAt),
        new FakeGuest((request, response) -> new Outcome.Exited(0)),
        OutputStream.nullOutputStream(),
        CpuCap.NONE,
        new RevisionTraffic(),
        4,
        Duration.ofSeconds(1),
        Bounds.of(4),
        Backend.Standing.READY);
  }
}
