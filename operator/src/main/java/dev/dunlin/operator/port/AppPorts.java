package dev.dunlin.operator.port;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives each app one port, and the same one each time. What all apps claim is asked for at first,
 * and again only when ports run out or many apps must have gone: a pass of one app does not look at
 * the others. Its owner calls it under one lock.
 */
public final class AppPorts {
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(1);
  private static final int FORGETTING_FROM = 1000;

  private final PortRange range;
  private final LongSupplier nanoTime;
  private final Map<String, PortClaim> given = new HashMap<>(); // by the app's uid
  private final Map<Integer, PortClaim> taken = new HashMap<>(); // by port, the foremost claim
  private @Nullable Long sweptAt;
  private int sweepFrom;

  public AppPorts(PortRange range, LongSupplier nanoTime) {
    this.range = range;
    this.nanoTime = nanoTime;
  }

  /**
   * The app's port: the one that it has, unless an older app claims it too; else a free one; empty
   * when none is left.
   *
   * @param own what the app's status, or what was made for it, claims for it
   * @param all apps that exist, each with what it claims
   */
  public OptionalInt of(
      String uid, String since, OptionalInt own, Supplier<Stream<PortClaim>> all) {
    if (sweptAt == null || given.size() > sweepFrom) sweep(uid, all);
    @Nullable PortClaim mine = given.get(uid);
    if (mine == null && own.isPresent()) mine = claim(new PortClaim(uid, since, own.getAsInt()));
    if (mine != null && holds(mine)) return OptionalInt.of(mine.port());
    var free = free(uid);
    if (free.isEmpty() && mayHaveGone()) {
      sweep(uid, all);
      free = free(uid);
    }
    if (free.isPresent()) claim(new PortClaim(uid, since, free.getAsInt()));
    return free;
  }

  private PortClaim claim(PortClaim claim) {
    given.put(claim.uid(), claim);
    taken.merge(claim.port(), claim, BinaryOperator.minBy(PortClaim::compareTo));
    return claim;
  }

  private boolean holds(PortClaim claim) {
    return claim.equals(taken.get(claim.port()));
  }

  private OptionalInt free(String uid) {
    int start = Math.floorMod(uid.hashCode(), range.size());
    for (int i = 0; i < range.size(); i++) {
      int port = range.from() + (start + i) % range.size();
      if (!taken.containsKey(port)) return OptionalInt.of(port);
    }
    return OptionalInt.empty();
  }

  private boolean mayHaveGone() {
    return sweptAt == null || nanoTime.getAsLong() - sweptAt > BETWEEN_SWEEPS.toNanos();
  }

  /** Learns what all apps claim, and forgets those that are no more. */
  private void sweep(String uid, Supplier<Stream<PortClaim>> all) {
    boolean first = sweptAt == null;
    var living = all.get().collect(Collectors.toMap(PortClaim::uid, claim -> claim));
    Set<String> kept = new HashSet<>(living.keySet());
    kept.add(uid);
    given.keySet().retainAll(kept);
    if (first)
      living.values().stream().filter(it -> it.port() != 0).forEach(it -> given.put(it.uid(), it));
    taken.clear();
    given
        .values()
        .forEach(it -> taken.merge(it.port(), it, BinaryOperator.minBy(PortClaim::compareTo)));
    sweptAt = nanoTime.getAsLong();
    sweepFrom = 2 * given.size() + FORGETTING_FROM;
  }
}
