package dev.dunlin.e2e.house;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.house.ServiceProxy.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask for the same thing again and again, each request on a connection of its own, and
 * count what they are answered.
 */
public final class Tally implements AutoCloseable {
  static final int CLIENTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ServiceProxy service;
  private final HttpCall call;
  private final Map<String, Long> answers = new TreeMap<>(); // guarded by itself
  private final Queue<String> missed = new ConcurrentLinkedQueue<>();
  private final Stream.Builder<Thread> started = Stream.builder();
  private volatile boolean ended;

  private Tally(ServiceProxy service, String path) {
    this.service = service;
    this.call = HttpCall.get(path);
  }

  public static Tally of(ServiceProxy service, String path) {
    var tally = new Tally(service, path);
    IntStream.range(0, CLIENTS)
        .forEach(i -> tally.started.add(Thread.ofPlatform().name("tally-" + i).start(tally::send)));
    return tally;
  }

  private void send() {
    while (!ended) {
      @Nullable Target target = null;
      try {
        target = service.choose();
        String answer = call.send(target.host(), target.port()).text().strip();
        synchronized (answers) {
          answers.merge(answer, 1L, Long::sum);
        }
      } catch (IOException e) {
        missed.add(target + ": " + e);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** How often each answer has come so far. */
  Map<String, Long> answers() {
    synchronized (answers) {
      return Map.copyOf(answers);
    }
  }

  long of(String answer) {
    return answers().getOrDefault(answer, 0L);
  }

  long all() {
    return answers().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Requests without any answer. */
  String missed() {
    return String.join("\n", missed);
  }

  public void awaitMore(long count) {
    long enough = all() + count;
    Await.until(
        count + " more answers",
        PATIENCE,
        () -> all() >= enough,
        () -> "%s; missed: %s".formatted(answers(), missed));
  }

  @Override
  public void close() {
    ended = true;
    started.build().forEach(this::join);
  }

  private void join(Thread client) {
    try {
      if (!client.join(PATIENCE)) missed.add("a client that waits for its answer still");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
