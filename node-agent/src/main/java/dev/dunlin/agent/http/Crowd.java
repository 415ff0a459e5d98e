package dev.dunlin.agent.http;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of one port. */
final class Crowd {
  private final AppKey app;
  private final Set<AppConnection> members = ConcurrentHashMap.newKeySet();

  Crowd(AppKey app) {
    this.app = app;
  }

  AppKey app() {
    return app;
  }

  Set<AppConnection> members() {
    return members;
  }

  /** Ends the one that has been without a request for the longest time, if there is one. */
  Optional<AppConnection> sendOneAway() {
    record Idle(AppConnection connection, long since) {}
    long now = System.nanoTime();
    return members.stream()
        .flatMap(it -> it.idleNanos(now).stream().mapToObj(nanos -> new Idle(it, nanos)))
        .sorted(Comparator.comparingLong(Idle::since).reversed())
        .map(Idle::connection)
        .filter(AppConnection::giveWay)
        .findFirst();
  }
}
