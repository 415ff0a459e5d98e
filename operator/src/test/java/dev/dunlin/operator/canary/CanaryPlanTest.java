package dev.dunlin.operator.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Canary;
import dev.dunlin.api.v1alpha1.CanaryAnalysis;
import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.api.v1alpha1.CanaryStep;
import dev.dunlin.operator.canary.CanaryPlan.Next;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CanaryPlanTest {
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  private static final Canary CANARY =
      new Canary(
          List.of(new CanaryStep(5, 30), new CanaryStep(50, 60)), new CanaryAnalysis(2, 250, 20));

  private boolean ready = true;
  private boolean paused;
  private Findings findings = new Findings(0, 0, OptionalDouble.empty(), "");
  private @Nullable CanaryStatus status;

  @Test
  void goesFromStepToStepAndThenIsRolledOut() {
    assertThat(weightAt(0)).isEqualTo(5);
    assertThat(weightAt(29)).isEqualTo(5);
    assertThat(weightAt(30)).isEqualTo(50);
    assertThat(weightAt(89)).isEqualTo(50);
    assertThat(at(90)).isInstanceOf(Next.Promote.class);
  }

  @Test
  void hasNoRequestsBeforeItIsReady() {
    ready = false;
    assertThat(weightAt(0)).isZero();
    assertThat(weightAt(1_000)).isZero();
    ready = true;

    assertThat(weightAt(1_001)).isEqualTo(5);
    assertThat(weightAt(1_030)).isEqualTo(5);
  }

  @Test
  void aPausedStepLastsUntilItIsNotPausedAnyMore() {
    weightAt(0);
    paused = true;
    assertThat(weightAt(500)).isEqualTo(5);
    assertThat(((Next.Try) at(500)).lookAgain()).isEmpty();
    paused = false;

    assertThat(weightAt(501)).isEqualTo(50);
  }

  @Test
  void pausedFromTheStartItWaits() {
    paused = true;
    assertThat(weightAt(0)).isZero();
    paused = false;

    assertThat(weightAt(1)).isEqualTo(5);
  }

  @Test
  void noStepEndsWhileItIsNotReadyEverywhere() {
    weightAt(0);
    ready = false;
    assertThat(weightAt(500)).isEqualTo(5);
    ready = true;

    assertThat(weightAt(501)).isEqualTo(50);
  }

  @Test
  void noStepEndsUnjudgedWhereItIsToBeJudged() {
    weightAt(0);
    findings = Findings.NONE;
    assertThat(weightAt(31)).isEqualTo(5);
    findings = new Findings(3, 0, OptionalDouble.of(0.01), "");

    assertThat(weightAt(35)).isEqualTo(50);
  }

  @Test
  void whatWasFoundOutInAPauseEndsItToo() {
    weightAt(0);
    paused = true;
    findings = new Findings(40, 40, OptionalDouble.of(0.01), "");

    assertThat(at(5)).isInstanceOf(Next.Fail.class);
  }

  @Test
  void whatIsRolledOutWhollySaysSo() {
    weightAt(0);
    weightAt(30);

    assertThat(at(90).status().promoted()).isTrue();
    assertThat(at(90).weight()).isEqualTo(50);
  }

  @Test
  void tooManyErrorsEndItAndTheFiguresAreSaid() {
    weightAt(0);
    findings = new Findings(40, 3, OptionalDouble.of(0.01), "");

    assertThat(at(5))
        .isInstanceOfSatisfying(
            Next.Fail.class,
            fail -> {
              assertThat(fail.status().message())
                  .isEqualTo("3 of 40 answers were errors (7.5 %, at most 2 % allowed)");
              assertThat(fail.status().weight()).isZero();
              assertThat(fail.status().failed()).isTrue();
            });
  }

  @Test
  void answersThatAreTooSlowEndIt() {
    weightAt(0);
    findings = new Findings(100, 0, OptionalDouble.of(0.8), "");

    assertThat(at(5))
        .isInstanceOfSatisfying(
            Next.Fail.class,
            fail ->
                assertThat(fail.status().message())
                    .isEqualTo(
                        "95 of 100 answers took up to 800 ms (at most 250 ms allowed), of 100"));
  }

  @Test
  void fewAnswersAreNotJudged() {
    weightAt(0);
    findings = new Findings(19, 19, OptionalDouble.of(9), "");

    assertThat(weightAt(5)).isEqualTo(5);
  }

  @Test
  void whatFailedIsNotTriedAgainUntilTheTemplateChanges() {
    weightAt(0);
    findings = new Findings(40, 40, OptionalDouble.of(0.01), "");
    assertThat(at(5)).isInstanceOf(Next.Fail.class);
    findings = new Findings(0, 0, OptionalDouble.empty(), "");

    assertThat(at(10_000)).isInstanceOf(Next.Fail.class);
    assertThat(
            CanaryPlan.next(
                CANARY, status, "r3", true, false, Findings.NONE, START.plusSeconds(10_001)))
        .isInstanceOf(Next.Try.class);
  }

  @Test
  void aClockThatWentBackBeginsTheStepAnewAndMakesItNoLonger() {
    weightAt(3_600);

    assertThat(weightAt(0)).isEqualTo(5);
    assertThat(weightAt(29)).isEqualTo(5);
    assertThat(weightAt(30)).isEqualTo(50);
  }

  @Test
  void stepsThatWereTakenOutOfTheSpecAreOver() {
    weightAt(0);
    weightAt(30);
    var shorter = new Canary(List.of(new CanaryStep(10, 30)), null);

    assertThat(
            CanaryPlan.next(
                shorter, status, "r2", true, false, Findings.NONE, START.plusSeconds(60)))
        .isInstanceOf(Next.Promote.class);
  }

  private int weightAt(int second) {
    return ((Next.Try) at(second)).weight();
  }

  private Next at(int second) {
    var next =
        CanaryPlan.next(CANARY, status, "r2", ready, paused, findings, START.plusSeconds(second));
    status = next.status();
    return next;
  }
}
