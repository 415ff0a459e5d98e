package dev.dunlin.operator.revision;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The templates that one app has had. Pure.
 *
 * @param kept the oldest first
 */
public record History(List<KeptRevision> kept) {
  public static final History NONE = new History(List.of());

  public History {
    kept = kept.stream().sorted(Comparator.comparingLong(KeptRevision::number)).toList();
  }

  /** The one with that hash. */
  public Optional<KeptRevision> of(String template) {
    return kept.stream().filter(it -> it.template().equals(template)).findFirst();
  }

  /** The one with that number. */
  public Optional<KeptRevision> numbered(long number) {
    return kept.stream().filter(it -> it.number() == number).findFirst();
  }

  private long newest() {
    return kept.isEmpty() ? 0 : kept.getLast().number();
  }

  /** Whether that template was the last to be rolled out. */
  public boolean isNewest(String template) {
    return !kept.isEmpty() && kept.getLast().template().equals(template);
  }

  /**
   * What is to be written when {@code wanted} is rolled out and is not the newest: itself, or what
   * is kept of it already, with the next number.
   */
  public KeptRevision rollOut(KeptRevision wanted) {
    return of(wanted.template()).orElse(wanted).as(newest() + 1);
  }

  /**
   * The oldest ones, beyond {@code limit} besides the current one and those that are in use.
   *
   * @param inUse by hash
   */
  public List<KeptRevision> surplus(String current, int limit, Predicate<String> inUse) {
    var unused =
        kept.stream()
            .filter(it -> !it.template().equals(current) && !inUse.test(it.template()))
            .toList();
    return unused.subList(0, Math.max(0, unused.size() - limit));
  }

  /** The numbers, for people. */
  public String numbers() {
    return kept.stream().map(it -> String.valueOf(it.number())).collect(Collectors.joining(", "));
  }
}
