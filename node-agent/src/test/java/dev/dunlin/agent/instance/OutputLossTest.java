package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.log.LogLimits;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OutputLossTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final Duration FIVE = Duration.ofSeconds(5);

  @Test
  void nothingIsSaidOfOutputUntilSomeIsLost() {
    assertThat(statusOf(OutputLoss.NONE).conditions())
        .extracting(Condition::type)
        .containsExactly("Loaded", "Ready");
  }

  @Test
  void theFirstLossIsACondition() {
    OutputLoss loss = dropped(OutputLoss.NONE, 1_234, NOON);

    Condition said =
        Condition.find(statusOf(loss).conditions(), OutputLoss.LOGS_COMPLETE).orElseThrow();
    assertThat(said.status()).isEqualTo(Condition.FALSE);
    assertThat(said.reason()).isEqualTo(Reasons.OUTPUT_DROPPED);
    assertThat(said.message())
        .startsWith(
            "1,234 lines dropped in the last 5 s: the app writes more than 1,000 lines/s or 1,024 KiB/s; log less");
  }

  @Test
  void aLossThatGoesOnIsSaidAnewOnceAMinute() {
    OutputLoss first = dropped(OutputLoss.NONE, 1, NOON);
    OutputLoss soon = dropped(first, 10, NOON.plusSeconds(5));
    OutputLoss later = dropped(soon, 100, NOON.plusSeconds(60));

    assertThat(soon.verdict()).isEqualTo(first.verdict());
    assertThat(said(later).message()).startsWith("110 lines dropped in the last 60 s");
  }

  @Test
  void aMinuteWithoutLossMakesItTrue() {
    OutputLoss loss = dropped(OutputLoss.NONE, 1, NOON);

    assertThat(loss.reviewed(NOON.plusSeconds(59)).goesOn()).isTrue();
    OutputLoss quiet = loss.reviewed(NOON.plusSeconds(60));
    assertThat(said(quiet).isTrue()).isTrue();
    assertThat(said(quiet).reason()).isEqualTo(Reasons.OUTPUT_KEPT);
    assertThat(said(dropped(quiet, 7, NOON.plusSeconds(90))).message())
        .startsWith("7 lines dropped in the last 5 s");
  }

  private static Verdict said(OutputLoss loss) {
    return Objects.requireNonNull(loss.verdict());
  }

  private static OutputLoss dropped(OutputLoss before, long lines, Instant now) {
    return before.dropped(lines, FIVE, LogLimits.DEFAULT, now);
  }

  private static WasmInstanceStatus statusOf(OutputLoss loss) {
    return StatusOf.state(InstanceState.NEW, null, loss, null, 1L, WasmInstanceStatus.EMPTY, NOON);
  }
}
