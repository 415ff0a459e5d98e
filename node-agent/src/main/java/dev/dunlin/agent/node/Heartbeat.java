package dev.dunlin.agent.node;

import dev.dunlin.agent.rate.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps WasmNode and Lease up to date, through every outage of the API server. */
public final class Heartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration REFRESH = Duration.ofSeconds(3);
  private static final Duration REGISTER_AGAIN = Duration.ofMillis(500);

  private final NodeRegistration registration;
  private final NodeLease lease;

  /** One thread each: a slow WasmNode must not make the Lease late. */
  private final Ticker leaseTicker = new Ticker("lease");

  private final Ticker nodeTicker = new Ticker("wasm-node");

  private volatile boolean registered;
  private volatile boolean renewed;

  public Heartbeat(NodeRegistration registration, NodeLease lease) {
    this.registration = registration;
    this.lease = lease;
  }

  public void start() {
    nodeTicker.after(Duration.ZERO, this::register);
    leaseTicker.every(lease.period(), this::renew);
  }

  /** Whether the API server has heard of this agent. */
  public boolean isKnown() {
    return registered && renewed;
  }

  /** Renews and refreshes no more. */
  @Override
  public void close() {
    nodeTicker.close();
    leaseTicker.close();
  }

  private void register() {
    try {
      registration.apply();
      registered = true;
      nodeTicker.every(REFRESH, this::refresh);
    } catch (RuntimeException e) {
      log.warn("the WasmNode could not be registered, it is tried again: {}", e.toString());
      nodeTicker.after(REGISTER_AGAIN, this::register);
    }
  }

  private void refresh() {
    try {
      registration.refresh();
    } catch (RuntimeException e) {
      log.info("the WasmNode could not be refreshed, it is tried again: {}", e.toString());
    }
  }

  private void renew() {
    try {
      lease.renew();
      renewed = true;
    } catch (RuntimeException e) {
      log.info("the Lease could not be renewed, it is tried again: {}", e.toString());
    }
  }
}
