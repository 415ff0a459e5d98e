package dev.dunlin.agent.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Which instance of an app answers a request. */
final class Choice {
  private static final Comparator<Backend> BY_AGE =
      Comparator.comparing(Backend::created).thenComparing(Backend::instance);

  private static final int NEVER = Integer.MAX_VALUE;

  private Choice() {}

  /**
   * The least busy instance of the newest revision that is ready, or of the one whose turn it is
   * where revisions have weights. Where none is ready, those that drain answer, and then those that
   * were ready once: a request that has come so far is lost otherwise.
   */
  static Optional<Backend> among(List<Backend> backends, Split split) {
    int best = backends.stream().mapToInt(Choice::rank).min().orElse(NEVER);
    if (best == NEVER) {
      return Optional.empty();
    }
    List<Backend> candidates = backends.stream().filter(it -> rank(it) == best).toList();
    return revision(candidates, split)
        .flatMap(revision ->
            candidates.stream()
                .filter(backend -> backend.revision().equals(revision))
                .min(Comparator.comparingInt(Backend::busy)));
  }

  private static Optional<String> revision(List<Backend> candidates, Split split) {
    var weights = new TreeMap<String, Integer>();
    for (Backend backend : candidates) {
      backend.weight().ifPresent(weight -> weights.merge(backend.revision(), weight, Math::max));
    }
    return weights.isEmpty()
        ? candidates.stream().max(BY_AGE).map(Backend::revision)
        : Optional.of(weights.size() == 1 ? weights.firstKey() : split.next(weights));
  }

  private static int rank(Backend backend) {
    return switch (backend.standing()) {
      case READY -> backend.isDraining() ? 1 : 0;
      case UNREADY -> backend.isDraining() ? 3 : 2;
      case OUT -> NEVER;
    };
  }
}
