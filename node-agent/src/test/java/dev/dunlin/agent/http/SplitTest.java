package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SplitTest {
  private final Split split = new Split();

  @Test
  void eachHasItsShareOfEveryHundred() {
    var weights = new TreeMap<>(Map.of("a", 90, "b", 7, "c", 3));

    for (int hundred = 0; hundred < 10; hundred++)
      assertThat(next(weights, 100)).isEqualTo(Map.of("a", 90, "b", 7, "c", 3));
  }

  @Test
  void aChangedWeightHoldsFromTheNextRequestOn() {
    next(new TreeMap<>(Map.of("a", 99, "b", 1)), 57);

    assertThat(next(new TreeMap<>(Map.of("a", 0, "b", 100)), 100)).containsEntry("b", 100);
  }

  @Test
  void whoComesBackIsOwedNothing() {
    next(new TreeMap<>(Map.of("a", 50, "b", 50)), 7);
    next(new TreeMap<>(Map.of("a", 50)), 1_000);

    assertThat(next(new TreeMap<>(Map.of("a", 50, "b", 50)), 100)).containsEntry("b", 50);
  }

  @Test
  void whereAllAreZeroTheLastIsTaken() {
    assertThat(split.next(new TreeMap<>(Map.of("a", 0, "b", 0)))).isEqualTo("b");
  }

  private Map<String, Integer> next(NavigableMap<String, Integer> weights, int times) {
    var found = new HashMap<String, Integer>();
    for (int i = 0; i < times; i++) found.merge(split.next(weights), 1, Integer::sum);
    return found;
  }
}
