package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace(Duration.ofSeconds(10));

  @Test
  void whoLetsUsWaitForLongerThanThePatienceIsLost() {
    pace.begin(at(0), 0);

    assertThat(pace.isLost(at(10))).isFalse();
    assertThat(pace.isLost(at(11))).isTrue();
  }

  @Test
  void aByteNowAndThenDoesNotHelp() {
    int now = 0;
    for (; now < 8; now += 2) {
      pace.begin(at(now), 0);
      pace.end(at(now + 2), 1);
      assertThat(pace.isLost(at(now + 2))).isFalse();
    }

    pace.begin(at(now), 0);

    assertThat(pace.isLost(at(now + 3))).isTrue();
  }

  @Test
  void whoKeepsThePaceMayGoOnForEver() {
    for (int now = 0; now < 10_000; now += 5) {
      pace.begin(at(now), 0);
      assertThat(pace.isLost(at(now + 5))).isFalse();
      pace.end(at(now + 5), 2_500);
    }
  }

  @Test
  void muchThatCameBeforeIsNoCreditForLater() {
    pace.begin(at(0), 0);
    pace.end(at(1), 1 << 30);

    pace.begin(at(1), 0);

    assertThat(pace.isLost(at(12))).isTrue();
  }

  @Test
  void whoIsSentMuchHasTimeToTakeIt() {
    pace.begin(at(0), 50_000);

    assertThat(pace.isLost(at(109))).isFalse();
    assertThat(pace.isLost(at(111))).isTrue();
  }

  @Test
  void ourOwnTimeIsNotTheirs() {
    pace.begin(at(0), 0);
    pace.end(at(9), 0);

    assertThat(pace.isLost(at(1_000))).isFalse();
  }

  private static long at(int second) {
    return TimeUnit.SECONDS.toNanos(second);
  }
}
