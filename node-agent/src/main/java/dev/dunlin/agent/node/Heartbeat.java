package dev.dunlin.agent.node;

import dev.dunlin.agent.rate.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps WasmNode and Lease up to date, through every outage of the API server. */
public final class Heartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration REFRESH = Duration.ofSeconds(3);
  private static final Duration REGISTER_AGAIN = Duration.ofMillis(500);

  /** What is to be done before the agent counts as alive again. */
  public interface Return {
    /** Fails while the API server cannot be reached: it is tried again. */
    void prepare() throws InterruptedException;
  }

  private final NodeRegistration registration;
  private final NodeLease lease;
  private final Return comingBack;
  private final Silence silence;

  /** One thread each: a slow WasmNode must not make the Lease late. */
  private final Ticker leaseTicker = new Ticker("lease");

  private final Ticker nodeTicker = new Ticker("wasm-node");

  private volatile boolean registered;
  private volatile boolean renewed;

  /**
   * @param comingBack done before the Lease is renewed after it could not be for so long that this
   *     agent's instances may have been given to others
   */
  public Heartbeat(NodeRegistration registration, NodeLease lease, Return comingBack, Clock clock) {
    this.registration = registration;
    this.lease = lease;
    this.comingBack = comingBack;
    // The operator counts from when it saw the last renewal: half of the time is surely in time.
    this.silence = new Silence(lease.duration().dividedBy(2), clock, System::nanoTime);
  }

  public void start() {
    nodeTicker.after(Duration.ZERO, this::register);
    leaseTicker.every(lease.period(), this::renew);
  }

  /** Whether the API server has heard of this agent. */
  public boolean isKnown() {
    return registered && renewed;
  }

  /** Says what has changed of the node, and returns when it is said or that time is over. */
  public void tellNow(Duration atMost) {
    var told = new CountDownLatch(1);
    nodeTicker.after(
        Duration.ZERO,
        () -> {
          refresh();
          told.countDown();
        });
    try {
      var _ = told.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
      nodeTicker.every(longer(REFRESH, lease.period()), this::refresh);
    } catch (RuntimeException e) {
      log.warn("the WasmNode could not be registered, it is tried again: {}", e.toString());
      nodeTicker.after(REGISTER_AGAIN, this::register);
    }
  }

  /**
   * Who renews its Lease seldom, as agents of large clusters do, does not ask more often either.
   */
  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
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
      if (silence.isLong()) {
        log.warn("the Lease could not be renewed for long: what was replaced ends first");
        comingBack.prepare();
      }
      lease.renew();
      silence.end();
      renewed = true;
    } catch (RuntimeException e) {
      log.info("the Lease could not be renewed, it is tried again: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
