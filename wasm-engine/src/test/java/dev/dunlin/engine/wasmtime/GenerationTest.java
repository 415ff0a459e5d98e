package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GenerationTest {
  private final List<Generation> freed = new ArrayList<>();

  @Test
  void anUnusedOneIsFreedAtOnce() {
    var generation = new Generation(1, freed::add);
    generation.retire();

    assertThat(freed).containsExactly(generation);
    assertThat(generation.enter()).isFalse();
  }

  @Test
  void aUsedOneIsFreedByTheLastWhoLeaves() {
    var generation = new Generation(1, freed::add);
    assertThat(generation.enter()).isTrue();
    assertThat(generation.enter()).isTrue();
    generation.retire();
    generation.leave();
    assertThat(freed).isEmpty();

    generation.leave();

    assertThat(freed).containsExactly(generation);
  }

  @Test
  void itIsFreedOnceHoweverManyThreadsUseIt() throws Exception {
    for (int round = 0; round < 200; round++) {
      var count = new AtomicInteger();
      var generation = new Generation(1, g -> count.incrementAndGet());
      try (var threads = Executors.newFixedThreadPool(4)) {
        var uses = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 3; i++) {
          uses.add(() -> {
            while (generation.enter()) {
              assertThat(count).hasValue(0);
              generation.leave();
            }
            return true;
          });
        }
        uses.add(() -> {
          generation.retire();
          return true;
        });
        for (var use : threads.invokeAll(uses)) {
          assertThat(use.get()).isTrue();
        }
      }
      assertThat(count).hasValue(1);
    }
  }
}
