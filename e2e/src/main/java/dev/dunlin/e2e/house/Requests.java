package dev.dunlin.e2e.house;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.house.ServiceProxy.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send one request after another until closed, and remember those that were missed.
 * Nothing is ever sent twice. Two open a connection for each request, two keep theirs as long as
 * the server does, a fifth does so by HTTP/2. Where there is a slow path, two more ask for that on
 * connections that they keep, so that something is always under way.
 */
public final class Requests implements AutoCloseable {
  private static final HttpCall CALL = HttpCall.get("/?name=loop");

  /** Between an answer and the next request: clients that leave the machine some time. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LAST_ANSWER = Duration.ofSeconds(5);

  private final ServiceProxy service;
  private final AtomicLong answered = new AtomicLong();
  private final Queue<Miss> missed = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients;
  private volatile boolean ended;

  /**
   * A request without a 200.
   *
   * @param target where it went; "null" where there was none
   */
  public record Miss(Instant at, String target, String why) {
    @Override
    public String toString() {
      return at + " " + target + ": " + why;
    }
  }

  /** Opens a connection of one protocol. */
  private interface Protocol {
    ClientConnection to(String host, int port) throws IOException;
  }

  private Requests(ServiceProxy service, @Nullable String slowPath) {
    this.service = service;
    var all =
        new ArrayList<>(List.of(client(this::sendEachOnItsOwn), client(this::sendEachOnItsOwn)));
    all.add(client(() -> sendOnOneConnection(HttpConnection::to, CALL)));
    all.add(client(() -> sendOnOneConnection(HttpConnection::to, CALL)));
    all.add(client(() -> sendOnOneConnection(Http2Connection::to, CALL)));
    if (slowPath != null) {
      HttpCall slow = HttpCall.get(slowPath);
      all.add(client(() -> sendOnOneConnection(HttpConnection::to, slow)));
      all.add(client(() -> sendOnOneConnection(Http2Connection::to, slow)));
    }
    this.clients = List.copyOf(all);
  }

  public static Requests keepSending(ServiceProxy service) {
    return new Requests(service, null);
  }

  /** The same, with clients besides that ask for something that takes its time. */
  public static Requests keepSending(ServiceProxy service, String slowPath) {
    return new Requests(service, slowPath);
  }

  private static Thread client(Runnable requests) {
    return Thread.ofPlatform().name("client").start(requests);
  }

  /** One line for each request without a 200: when, where and what came instead. */
  public List<String> missed() {
    return missed.stream().map(Miss::toString).toList();
  }

  public List<Miss> misses() {
    return List.copyOf(missed);
  }

  public long answered() {
    return answered.get();
  }

  /** Says on standard output how it went so far. */
  public void tell(String what) {
    System.out.printf("%s: %d requests answered, %d missed%n", what, answered(), missed.size());
  }

  /** Waits until so many more requests were answered. */
  public void awaitMore(long count) {
    long enough = answered.get() + count;
    Await.until(
        count + " more answers",
        PATIENCE,
        () -> answered.get() >= enough,
        () -> "%d of %d; missed: %s".formatted(answered.get(), enough, missed));
  }

  /** Goes on for that long. */
  public void keepOnFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Await.until(
        "time to pass", time.plusSeconds(10), () -> System.nanoTime() > end, missed::toString);
  }

  private void sendEachOnItsOwn() {
    while (!ended) {
      @Nullable Target target = null;
      try {
        target = service.choose();
        count(CALL.send(target.host(), target.port()));
      } catch (IOException e) {
        miss(String.valueOf(target), e);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** As most clients do: established connections do not follow a Service's endpoints. */
  private void sendOnOneConnection(Protocol protocol, HttpCall call) {
    while (!ended) {
      @Nullable Target target = null;
      try {
        target = service.choose();
        try (ClientConnection connection = protocol.to(target.host(), target.port())) {
          while (!ended && !connection.isClosing()) {
            count(connection.send(call));
            LockSupport.parkNanos(PAUSE.toNanos());
          }
        }
      } catch (IOException e) {
        miss(String.valueOf(target), e);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void count(HttpAnswer answer) throws IOException {
    if (answer.status() != 200) throw new IOException(answer.toString());
    answered.incrementAndGet();
  }

  private void miss(String target, IOException e) {
    missed.add(new Miss(Instant.now(), target, e.toString()));
  }

  /** Ends them; what they have sent is answered before this returns, or missed. */
  public void end() {
    ended = true;
    for (Thread client : clients) {
      try {
        if (!client.join(LAST_ANSWER)) miss("null", new IOException("no answer, nor will it come"));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    end();
  }
}
