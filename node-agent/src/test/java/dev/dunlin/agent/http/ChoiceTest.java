package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.Outcome;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private final Backend old = backend("shop-r1-a", "r1", 0);
  private final Backend one = backend("shop-r2-a", "r2", 10);
  private final Backend two = backend("shop-r2-b", "r2", 20);

  @Test
  void theLeastBusyOfTheNewestRevisionAnswers() throws InterruptedException {
    two.enter(0);

    assertThat(Choice.among(List.of(old, one, two))).contains(one);
    one.enter(0);
    one.enter(0);
    assertThat(Choice.among(List.of(old, one, two))).contains(two);
  }

  @Test
  void whatDrainsAnswersOnlyWhereNoOtherDoes() {
    one.drain();
    two.drain();

    assertThat(Choice.among(List.of(old, one, two))).contains(old);
    old.drain();
    assertThat(Choice.among(List.of(old, one, two))).contains(one);
    assertThat(Choice.among(List.of())).isEmpty();
  }

  @Test
  void aNewRevisionAnswersFromTheMomentItIsReady() {
    one.stand(Backend.Standing.OUT);
    assertThat(Choice.among(List.of(old, one))).contains(old);

    one.stand(Backend.Standing.READY);

    assertThat(Choice.among(List.of(old, one))).contains(one);
  }

  @Test
  void aRevisionThatIsNotReadyAnyMoreGivesWayToTheOldOneEvenWhileThatDrains() {
    one.stand(Backend.Standing.UNREADY);
    old.drain();

    assertThat(Choice.among(List.of(old, one))).contains(old);
  }

  @Test
  void whereNoneIsReadyOneThatWasAnswersAndNoneThatNeverWas() {
    one.stand(Backend.Standing.UNREADY);
    two.stand(Backend.Standing.OUT);

    assertThat(Choice.among(List.of(one, two))).contains(one);
    assertThat(Choice.among(List.of(two))).isEmpty();
  }

  @Test
  void whatIsShutNeverAnswersAgainWhateverItsProbesSay() {
    one.shut();
    one.stand(Backend.Standing.READY);

    assertThat(Choice.among(List.of(one))).isEmpty();
  }

  private static Backend backend(String instance, String revision, int createdAt) {
    return new Backend(
        instance,
        revision,
        Instant.ofEpochSecond(createdAt),
        new FakeGuest((request, response) -> new Outcome.Exited(0)),
        OutputStream.nullOutputStream(),
        CpuCap.NONE,
        4,
        Duration.ofSeconds(1),
        Backend.Standing.READY);
  }
}
