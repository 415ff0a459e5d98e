package dev.dunlin.e2e.house;

import dev.dunlin.e2e.child.Await;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Clients that send one request after another until closed, and remember those that were missed.
 */
public final class Requests implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ServiceProxy service;
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> missed = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients;
  private volatile boolean ended;

  private Requests(ServiceProxy service) {
    this.service = service;
    this.clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> Thread.ofPlatform().name("client-" + i).start(this::send))
            .toList();
  }

  public static Requests keepSending(ServiceProxy service) {
    return new Requests(service);
  }

  /** One line for each request without a 200: when, where and what came instead. */
  public List<String> missed() {
    return List.copyOf(missed);
  }

  public long answered() {
    return answered.get();
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

  private void send() {
    while (!ended) {
      String target = "nobody";
      try {
        ServiceProxy.Target to = service.choose();
        target = to.host() + ":" + to.port();
        HttpAnswer answer = HttpCall.get("/?name=loop").send(to.host(), to.port());
        if (answer.status() == 200) answered.incrementAndGet();
        else miss(target, answer.toString());
      } catch (IOException e) {
        miss(target, e.toString());
      }
    }
  }

  private void miss(String target, String what) {
    if (!ended) missed.add("%s %s: %s".formatted(Instant.now(), target, what));
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
