package dev.dunlin.e2e.house;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.house.ServiceProxy.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send one request after another until closed, and remember those that were missed.
 * Half of them open a connection for each request, half keep theirs as long as the server does.
 */
public final class Requests implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final String PATH = "/?name=loop";

  /** Between an answer and the next request: clients that leave the machine some time. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

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

  private Requests(ServiceProxy service) {
    this.service = service;
    this.clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(i ->
                Thread.ofPlatform()
                    .name("client-" + i)
                    .start(i % 2 == 0 ? this::sendEachOnItsOwn : this::sendOnOneConnection))
            .toList();
  }

  public static Requests keepSending(ServiceProxy service) {
    return new Requests(service);
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
        count(HttpCall.get(PATH).send(target.host(), target.port()));
      } catch (IOException e) {
        miss(String.valueOf(target), e);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** As most clients do: established connections do not follow a Service's endpoints. */
  private void sendOnOneConnection() {
    while (!ended) {
      @Nullable Target target = null;
      try {
        target = service.choose();
        try (var connection = HttpConnection.to(target.host(), target.port())) {
          while (!ended && !connection.isClosing()) {
            count(connection.send(HttpCall.get(PATH)));
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
    if (!ended) missed.add(new Miss(Instant.now(), target, e.toString()));
  }

  @Override
  public void close() {
    ended = true;
    for (Thread client : clients) {
      try {
        client.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
