package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettlingTest {
  private long nanos;
  private final Settling settling = new Settling(() -> nanos);

  @Test
  void theFirstTemplateWaitsForNothing() {
    assertThat(settling.left("app", "a")).isEmpty();
    assertThat(settling.left("app", "a")).isEmpty();
  }

  @Test
  void oneThatFollowsWithinASecondWaitsForTheRestOfIt() {
    settling.left("app", "a");
    nanos = Duration.ofMillis(300).toNanos();

    assertThat(settling.left("app", "b")).contains(Duration.ofMillis(700));
    assertThat(settling.left("other", "b")).isEmpty();
  }

  @Test
  void ofManyInARowTheFirstAndTheLastAreRolledOut() {
    int begun = 0;
    for (int i = 0; i < 10; i++) {
      nanos = Duration.ofMillis(100).multipliedBy(i).toNanos();
      if (settling.left("app", "template " + i).isEmpty()) begun++;
    }
    nanos = Duration.ofSeconds(1).toNanos();

    assertThat(begun).isEqualTo(1);
    assertThat(settling.left("app", "template 9")).isEmpty();
  }

  @Test
  void oneThatComesLaterWaitsForNothing() {
    settling.left("app", "a");
    nanos = Duration.ofSeconds(1).toNanos();

    assertThat(settling.left("app", "b")).isEmpty();
  }
}
