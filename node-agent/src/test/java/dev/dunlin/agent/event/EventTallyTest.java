package dev.dunlin.agent.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTallyTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final EventTally.Key KEY = new EventTally.Key("uid", "Trap", "it trapped");

  private final EventTally tally = new EventTally();

  @Test
  void whatRepeatsIsCountedUpUnderItsFirstName() {
    tally.count(KEY, "first", NOON, 0);

    var again = tally.count(KEY, "second", NOON.plusSeconds(5), 0);

    assertThat(again).contains(new EventTally.Told("first", 2, NOON, NOON.plusSeconds(5)));
  }

  @Test
  void whatTheApiServerForgotIsNewAgain() {
    tally.count(KEY, "first", NOON, 0);
    tally.forget(KEY);

    assertThat(tally.count(KEY, "second", NOON, 0))
        .contains(new EventTally.Told("second", 1, NOON, NOON));
  }

  @Test
  void oneObjectsFloodIsCutOffAndAnothersIsHeard() {
    for (int i = 0; i < 100; i++) {
      tally.count(new EventTally.Key("uid", "R" + i, "m"), "n" + i, NOON, 0);
    }

    assertThat(tally.count(KEY, "late", NOON, 0)).isEmpty();
    assertThat(tally.count(new EventTally.Key("other", "R", "m"), "n", NOON, 0)).isPresent();
  }
}
