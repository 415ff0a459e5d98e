package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatestTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> written = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    executor.shutdownNow();
  }

  @Test
  void whatIsOvertakenWhileAWriteIsUnderWayIsLeftOut() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    Latest<String> latest =
        latest(value -> {
          begun.countDown();
          await(go);
          written.add(value);
        });
    latest.put("first");
    await(begun);
    latest.put("second");
    latest.put("third");

    go.countDown();

    assertThat(latest.awaitWritten(LONG)).isTrue();
    assertThat(written).containsExactly("first", "third");
  }

  @Test
  void aWriteIsTriedUntilItSucceeds() throws InterruptedException {
    var tries = new AtomicInteger();
    Latest<String> latest =
        latest(value -> {
          if (tries.incrementAndGet() < 3) {
            throw new IllegalStateException("the API server is away");
          }
          written.add(value);
        });

    latest.put("said");

    assertThat(latest.awaitWritten(LONG)).isTrue();
    assertThat(written).containsExactly("said");
    assertThat(tries).hasValue(3);
  }

  @Test
  void whatIsClosedIsNotTriedAnyMore() throws InterruptedException {
    var tries = new Semaphore(0);
    Latest<String> latest =
        latest(value -> {
          tries.release();
          throw new IllegalStateException("for ever");
        });
    latest.put("said");
    tries.acquire();

    latest.close();
    latest.put("more");

    assertThat(latest.awaitWritten(LONG)).isTrue();
  }

  private Latest<String> latest(java.util.function.Consumer<String> write) {
    return new Latest<>("a test's value", write, executor, new Semaphore(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
