package dev.dunlin.agent.http;

import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.agent.trace.Tracing;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.agent.traffic.Traffic;
import dev.dunlin.engine.HttpGuest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The ports of this agent's apps: open while an app has an instance that answers. */
public final class HttpApps implements AutoCloseable {

  /**
   * An instance that answers requests.
   *
   * @param weight the share of its revision, as {@link Serving#weigh} has it
   * @param bounds what its requests are held to
   */
  public record Member(
      AppKey app,
      String instance,
      String revision,
      Instant created,
      int port,
      int maxConcurrency,
      Duration timeout,
      OptionalInt weight,
      Bounds bounds) {
    /** One without a weight, and with the bounds of an app that says nothing of them. */
    public Member(
        AppKey app,
        String instance,
        String revision,
        Instant created,
        int port,
        int maxConcurrency,
        Duration timeout) {
      this(
          app,
          instance,
          revision,
          created,
          port,
          maxConcurrency,
          timeout,
          OptionalInt.empty(),
          Bounds.of(maxConcurrency));
    }
  }

  /** Opens what a port is bound to. */
  interface Channels {
    ServerSocketChannel open() throws IOException;
  }

  private final HttpSettings settings;
  private final Channels channels;
  private final HelidonHttp helidon = new HelidonHttp();
  private final Traffic traffic = new Traffic();
  private final Exchanges exchanges = new Exchanges();
  private final Shared shared;
  private final Ticker sweeper = new Ticker("http-sweep");

  /** By port; guarded by itself. */
  private final Map<Integer, AppListener> listeners = new HashMap<>();

  /** What is done once a port is free again, by port; guarded by {@code listeners}. */
  private final Map<Integer, CountDownLatch> closing = new HashMap<>();

  public HttpApps(HttpSettings settings, HttpMeter meter) {
    this(settings, meter, Tracing.OFF);
  }

  public HttpApps(HttpSettings settings, HttpMeter meter, Tracing tracing) {
    this(settings, meter, tracing, ServerSocketChannel::open);
  }

  HttpApps(HttpSettings settings, HttpMeter meter, Channels channels) {
    this(settings, meter, Tracing.OFF, channels);
  }

  private HttpApps(HttpSettings settings, HttpMeter meter, Tracing tracing, Channels channels) {
    this.settings = settings;
    this.channels = channels;
    this.shared =
        new Shared(
            settings,
            helidon,
            new AppHandler(
                exchanges,
                new Turnstile(
                    new Queue(settings.limits().queued()),
                    new Places(settings.limits().requests())),
                meter,
                tracing,
                settings.requestHead()),
            meter,
            new Connections(settings.connectionsPerApp(), settings.limits().connections(), meter));
    sweeper.every(settings.sweepEvery(), exchanges::sweep);
    sweeper.every(settings.lookAtConnectionsEvery(), this::sweepConnections);
  }

  /**
   * Lets {@code guest} answer requests on the app's port from now on, and without a CPU limit.
   *
   * @throws PortInUseException when the port is somebody else's
   */
  public Serving serve(Member member, HttpGuest guest, OutputStream log) {
    return serve(member, guest, log, CpuCap.NONE, true);
  }

  /**
   * Lets {@code guest} answer requests on the app's port; the port is open when this returns. What
   * it fails at is written to {@code log}.
   *
   * @param ready whether it may be asked at once; else from {@link Serving#ready} on
   * @throws PortInUseException when the port is somebody else's
   */
  public Serving serve(
      Member member, HttpGuest guest, OutputStream log, CpuCap cpu, boolean ready) {
    AppKey app = member.app();
    var counts = traffic.join(app.namespace(), app.name(), member.revision());
    try {
      return serve(member, guest, log, cpu, counts, ready);
    } catch (RuntimeException e) {
      traffic.leave(app.namespace(), app.name(), member.revision());
      throw e;
    }
  }

  private Serving serve(
      Member member,
      HttpGuest guest,
      OutputStream log,
      CpuCap cpu,
      RevisionTraffic counts,
      boolean ready) {
    var backend =
        new Backend(
            member.instance(),
            member.revision(),
            member.created(),
            guest,
            log,
            cpu,
            counts,
            member.maxConcurrency(),
            member.timeout(),
            member.bounds(),
            ready ? Backend.Standing.READY : Backend.Standing.OUT);
    backend.weigh(member.weight());
    while (true) {
      CountDownLatch closed;
      synchronized (listeners) {
        closed = closing.get(member.port());
        if (closed == null) {
          return join(member, backend);
        }
      }
      await(closed, member.port());
    }
  }

  /** The requests that each app has had. */
  public Traffic traffic() {
    return traffic;
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
    List<AppListener> open;
    synchronized (listeners) {
      open = List.copyOf(listeners.values());
      listeners.clear();
    }
    open.forEach(AppListener::close);
    helidon.close();
  }

  void leave(AppListener listener, Backend backend) {
    var closed = new CountDownLatch(1);
    AppKey app = listener.app();
    synchronized (listeners) {
      if (!listener.remove(backend)) {
        return;
      }
      traffic.leave(app.namespace(), app.name(), backend.revision());
      if (!listener.isEmpty() || !listeners.remove(listener.port(), listener)) {
        return;
      }
      closing.put(listener.port(), closed);
    }
    try {
      listener.close();
    } finally {
      synchronized (listeners) {
        closing.remove(listener.port());
      }
      closed.countDown();
    }
  }

  /** Called with {@code listeners} held. */
  private Serving join(Member member, Backend backend) {
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

  /** Closing a port ends within {@code closePort}; this waits a little longer. */
  private void await(CountDownLatch closed, int port) {
    try {
      if (closed.await(settings.closePort().multipliedBy(2).toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new PortInUseException(
        "port %d of this node is still being closed. It is tried again.".formatted(port));
  }

  private AppListener open(Member member) {
    var address = new InetSocketAddress(settings.bindAddress(), member.port());
    try {
      return new AppListener(member.app(), channels.open(), address, shared);
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

  private void sweepConnections() {
    List<AppListener> open;
    synchronized (listeners) {
      open = List.copyOf(listeners.values());
    }
    long now = System.nanoTime();
    open.forEach(listener -> listener.sweep(now));
  }
}
