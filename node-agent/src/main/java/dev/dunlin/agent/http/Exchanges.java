package dev.dunlin.agent.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests under way on this agent. */
final class Exchanges {
  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

  private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();

  void add(Exchange exchange) {
    underWay.add(exchange);
  }

  void remove(Exchange exchange) {
    underWay.remove(exchange);
  }

  /** Called every now and then. */
  void sweep() {
    long now = System.nanoTime();
    for (Exchange exchange : underWay) {
      try {
        exchange.sweep(now);
      } catch (IOException e) {
        log.debug("a connection failed while it was looked at", e);
      }
    }
  }
}
