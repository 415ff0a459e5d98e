package dev.dunlin.agent.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which instance of an app answers a request: pure. */
final class Choice {
  private static final Comparator<Backend> BY_AGE =
      Comparator.comparing(Backend::created).thenComparing(Backend::instance);

  private static final int NEVER = Integer.MAX_VALUE;

  private Choice() {}

  /**
   * The least busy instance of the newest revision that is ready. Where none is ready, those that
   * drain answer, and then those that were ready once: a request that has come so far is lost
   * otherwise.
   */
  static Optional<Backend> among(List<Backend> backends) {
    int best = backends.stream().mapToInt(Choice::rank).min().orElse(NEVER);
    if (best == NEVER) {
      return Optional.empty();
    }
    List<Backend> candidates = backends.stream().filter(it -> rank(it) == best).toList();
    return candidates.stream()
        .max(BY_AGE)
        .flatMap(newest ->
            candidates.stream()
                .filter(backend -> backend.revision().equals(newest.revision()))
                .min(Comparator.comparingInt(Backend::busy)));
  }

  private static int rank(Backend backend) {
    return switch (backend.standing()) {
      case READY -> backend.isDraining() ? 1 : 0;
      case UNREADY -> backend.isDraining() ? 3 : 2;
      case OUT -> NEVER;
    };
  }
}
