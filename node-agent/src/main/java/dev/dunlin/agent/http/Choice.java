package dev.dunlin.agent.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which instance of an app answers a request: pure. */
final class Choice {
  private static final Comparator<Backend> BY_AGE =
      Comparator.comparing(Backend::created).thenComparing(Backend::instance);

  private Choice() {}

  /**
   * The least busy instance of the newest revision; instances that drain answer only where no other
   * does.
   */
  static Optional<Backend> among(List<Backend> backends) {
    List<Backend> staying = backends.stream().filter(backend -> !backend.isDraining()).toList();
    List<Backend> candidates = staying.isEmpty() ? backends : staying;
    return candidates.stream()
        .max(BY_AGE)
        .flatMap(newest ->
            candidates.stream()
                .filter(backend -> backend.revision().equals(newest.revision()))
                .min(Comparator.comparingInt(Backend::busy)));
  }
}
