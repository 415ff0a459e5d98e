package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final AppKey GREEDY = new AppKey("ns", "greedy");
  private static final AppKey QUIET = new AppKey("ns", "quiet");
  private static final long LONG = TimeUnit.MINUTES.toNanos(5);

  private final Places places = new Places(4);
  private final List<AppKey> served = new CopyOnWriteArrayList<>();

  @Test
  void noAppGetsAllPlaces() throws InterruptedException {
    assertThat(places.take(GREEDY, 0)).isTrue();
    assertThat(places.take(GREEDY, 0)).isTrue();
    assertThat(places.take(GREEDY, 0)).isFalse();

    assertThat(places.take(QUIET, 0)).isTrue();
  }

  @Test
  void aPlaceGoesToTheAppThatHasTheFewest() throws Exception {
    for (AppKey app : List.of(GREEDY, GREEDY, QUIET)) {
      assertThat(places.take(app, 0)).isTrue();
    }
    Thread greedy = waiter(GREEDY);
    Thread quiet = waiter(QUIET);

    places.give(QUIET);
    quiet.join();
    assertThat(served).containsExactly(QUIET);
    assertThat(greedy.isAlive()).isTrue();

    places.give(GREEDY);
    greedy.join();
    assertThat(served).containsExactly(QUIET, GREEDY);
  }

  @Test
  void whoGivesUpWaitingLeavesNothingBehind() throws Exception {
    for (AppKey app : List.of(GREEDY, GREEDY)) {
      assertThat(places.take(app, 0)).isTrue();
    }
    assertThat(places.take(GREEDY, 1)).isFalse();
    Thread interrupted = waiter(GREEDY);
    interrupted.interrupt();
    interrupted.join();

    places.give(GREEDY);
    places.give(GREEDY);

    assertThat(served).isEmpty();
    for (AppKey app : List.of(GREEDY, GREEDY, QUIET)) {
      assertThat(places.take(app, 0)).isTrue();
    }
  }

  private Thread waiter(AppKey app) {
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (places.take(app, LONG)) served.add(app);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
    return waiter;
  }
}
