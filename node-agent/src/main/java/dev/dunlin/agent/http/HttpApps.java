package dev.dunlin.agent.http;

import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.engine.HttpGuest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The ports of this agent's apps: open while an app has an instance that answers. */
public final class HttpApps implements AutoCloseable {

  /** An instance that answers requests. */
  public record Member(
      AppKey app,
      String instance,
      String revision,
      Instant created,
      int port,
      int maxConcurrency,
      Duration timeout) {}

  private final HttpSettings settings;
  private final HelidonHttp helidon = new HelidonHttp();
  private final Exchanges exchanges = new Exchanges();
  private final AppHandler handler;
  private final Ticker sweeper = new Ticker("http-sweep");

  /** By port; guarded by itself. */
  private final Map<Integer, AppListener> listeners = new HashMap<>();

  public HttpApps(HttpSettings settings, HttpMeter meter) {
    this.settings = settings;
    this.handler = new AppHandler(exchanges, meter);
    sweeper.every(settings.sweepEvery(), exchanges::sweep);
    sweeper.every(settings.idleConnection().dividedBy(10), this::closeIdleConnections);
  }

  /**
   * Lets {@code guest} answer requests on the app's port; the port is open when this returns. What
   * it fails at is written to {@code log}.
   *
   * @throws PortInUseException when the port is somebody else's
   */
  public Serving serve(Member member, HttpGuest guest, OutputStream log) {
    var backend =
        new Backend(
            member.instance(),
            member.revision(),
            member.created(),
            guest,
            log,
            member.maxConcurrency(),
            member.timeout());
    synchronized (listeners) {
      AppListener listener = listeners.get(member.port());
      if (listener != null && !listener.app().equals(member.app())) {
        throw new PortInUseException(
            "port %d of this node is served by the app %s, not %s"
                .formatted(member.port(), listener.app(), member.app()));
      }
      if (listener == null) {
        listener = open(member);
        listeners.put(listener.port(), listener);
      }
      listener.add(backend);
      return new Serving(this, listener, backend);
    }
  }

  /** How many ports are open. */
  public int ports() {
    synchronized (listeners) {
      return listeners.size();
    }
  }

  @Override
  public void close() {
    sweeper.close();
    synchronized (listeners) {
      listeners.values().forEach(AppListener::close);
      listeners.clear();
    }
    helidon.close();
  }

  void leave(AppListener listener, Backend backend) {
    synchronized (listeners) {
      if (listener.remove(backend) && listeners.remove(listener.port(), listener)) {
        listener.close();
      }
    }
  }

  private AppListener open(Member member) {
    var address = new InetSocketAddress(settings.bindAddress(), member.port());
    try {
      return new AppListener(member.app(), address, helidon, handler);
    } catch (BindException e) {
      throw new PortInUseException(
          "port %d of this node cannot be opened for the app: %s. Another program may hold it; it is tried again."
              .formatted(member.port(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new PortInUseException(
          "port %d of this node cannot be opened for the app: %s"
              .formatted(member.port(), e.getMessage()),
          e);
    }
  }

  private void closeIdleConnections() {
    AppListener[] open;
    synchronized (listeners) {
      open = listeners.values().toArray(new AppListener[0]);
    }
    for (AppListener listener : open) {
      listener.closeIdle(settings.idleConnection());
    }
  }
}
