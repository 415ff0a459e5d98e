package dev.dunlin.operator.port;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives each app one port, and the same one each time. What was given is in the apps' statuses;
 * kept here is only what no status shows yet. Its owner calls it under one lock.
 */
public final class AppPorts {
  private final PortRange range;
  private final Map<String, Integer> given = new HashMap<>();

  public AppPorts(PortRange range) {
    this.range = range;
  }

  /**
   * The app's port: the one that it has, unless an older app claims it too; else a free one; empty
   * when none is left.
   *
   * @param own what the app's status or its instances claim for it
   * @param others all other apps that exist, each with what it claims
   */
  public OptionalInt of(String uid, String since, OptionalInt own, Collection<PortClaim> others) {
    given
        .keySet()
        .retainAll(
            others.stream()
                .map(PortClaim::uid)
                .collect(Collectors.toCollection(() -> new HashSet<>(Set.of(uid)))));
    var mine = given.get(uid);
    if (mine != null) return OptionalInt.of(mine);
    var all = new HashMap<String, PortClaim>();
    for (var claim : others) all.put(claim.uid(), claim);
    given.forEach(
        (owner, port) -> all.merge(owner, new PortClaim(owner, "", port), (old, it) -> it));
    if (own.isPresent()) {
      var claim = new PortClaim(uid, since, own.getAsInt());
      boolean contested =
          all.values().stream()
              .anyMatch(it -> it.port() == claim.port() && it.compareTo(claim) < 0);
      if (!contested) return give(uid, claim.port());
    }
    var taken = all.values().stream().map(PortClaim::port).collect(Collectors.toSet());
    int start = Math.floorMod(uid.hashCode(), range.size());
    for (int i = 0; i < range.size(); i++) {
      int port = range.from() + (start + i) % range.size();
      if (!taken.contains(port)) return give(uid, port);
    }
    return OptionalInt.empty();
  }

  private OptionalInt give(String uid, int port) {
    given.put(uid, port);
    return OptionalInt.of(port);
  }

  int given() {
    return given.size();
  }
}
