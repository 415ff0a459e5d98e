package dev.dunlin.agent.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How many connections this agent has: bounded in all, and for each app. Where a new one finds no
 * place, the one that has been without a request for the longest time makes room. Guarded by
 * itself.
 */
final class Connections {
  private final int mostPerApp;
  private final HttpMeter meter;
  private final Shares<AppKey> shares;
  private final List<Crowd> crowds = new CopyOnWriteArrayList<>();

  Connections(int mostPerApp, int most, HttpMeter meter) {
    this.mostPerApp = mostPerApp;
    this.meter = meter;
    this.shares = new Shares<>(most);
  }

  void open(Crowd crowd) {
    crowds.add(crowd);
  }

  void close(Crowd crowd) {
    crowds.remove(crowd);
  }

  /** Takes a place for one more, or says why there is none. */
  synchronized Optional<LostConnection> admit(Crowd crowd) {
    AppKey app = crowd.app();
    boolean full = shares.held(app) >= mostPerApp;
    if (!full && shares.take(app)) {
      return Optional.empty();
    }
    if (makeRoom(crowd) && shares.take(app)) {
      return Optional.empty();
    }
    return Optional.of(full ? LostConnection.APP_FULL : LostConnection.AGENT_FULL);
  }

  /** One that had been admitted is over. */
  synchronized void leave(Crowd crowd, AppConnection connection) {
    if (crowd.members().remove(connection)) {
      shares.give(crowd.app());
    }
  }

  /** One that had been admitted could not be begun. */
  synchronized void giveUp(Crowd crowd) {
    shares.give(crowd.app());
  }

  /** An app that has none yet is made room for by the one that has the most. */
  private boolean makeRoom(Crowd crowd) {
    Optional<Crowd> from =
        shares.held(crowd.app()) > 0
            ? Optional.of(crowd)
            : crowds.stream().max(Comparator.comparingInt(it -> it.members().size()));
    Optional<AppConnection> gone = from.flatMap(Crowd::sendOneAway);
    gone.ifPresent(it -> {
      leave(from.get(), it);
      meter.connectionLost(from.get().app(), LostConnection.GAVE_WAY);
    });
    return gone.isPresent();
  }
}
