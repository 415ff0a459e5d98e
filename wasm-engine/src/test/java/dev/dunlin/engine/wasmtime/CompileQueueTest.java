package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Compilation;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.wasmtime.CompileQueue.Lane;
import dev.dunlin.engine.wasmtime.CompileQueue.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CompileQueueTest {
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final List<String> interrupted = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<String, CountDownLatch> latches = new ConcurrentHashMap<>();
  private final CompileQueue queue = new CompileQueue(this::make, 1, 1);

  private void make(Order order) throws InterruptedException {
    begun.add(order.digest());
    try {
      latch(order.digest()).await();
    } catch (InterruptedException e) {
      interrupted.add(order.digest());
      throw e;
    }
    if (order.digest().startsWith("bad")) {
      throw new ModuleRefusedException(Reason.TOO_LARGE, order.digest());
    }
  }

  private CountDownLatch latch(String digest) {
    return latches.computeIfAbsent(digest, d -> new CountDownLatch(1));
  }

  private static Order order(String digest, Lane lane) {
    return new Order(digest, 7, Path.of(digest + ".wasm"), Path.of(digest + ".code"), 0, lane);
  }

  @AfterEach
  void closeQueue() {
    queue.close();
  }

  @Test
  void whatIsAskedForTwiceIsMadeOnce() throws Exception {
    try (var one = queue.order(order("a", Lane.QUICK));
        var other = queue.order(order("a", Lane.QUICK))) {
      latch("a").countDown();
      one.await();
      other.await();
    }

    assertThat(begun).containsExactly("a");
    assertThat(queue.compilations()).isEmpty();
  }

  @Test
  void whatIsQuickDoesNotWaitForWhatIsLong() throws Exception {
    latch("quick").countDown();
    try (var slow = queue.order(order("long", Lane.LONG));
        var quick = queue.order(order("quick", Lane.QUICK))) {
      quick.await();

      assertThat(slow.done()).isNotDone();
    }
  }

  @Test
  void oneAfterAnotherInALane() {
    try (var first = queue.order(order("a", Lane.LONG))) {
      await().until(() -> begun.contains("a"));
      try (var second = queue.order(order("b", Lane.LONG))) {
        assertThat(queue.compilations())
            .extracting(Compilation::digest, Compilation::waiting)
            .containsExactly(
                org.assertj.core.groups.Tuple.tuple("sha256:b", true),
                org.assertj.core.groups.Tuple.tuple("sha256:a", false));
        latch("a").countDown();
        await().until(() -> begun.contains("b"));

        assertThat(first.done()).isDone();
        assertThat(second.done()).isNotDone();
      }
    }
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsEnded() {
    var one = queue.order(order("a", Lane.QUICK));
    var other = queue.order(order("a", Lane.QUICK));
    await().until(() -> begun.contains("a"));
    one.close();
    one.close();
    assertThat(interrupted).isEmpty();

    other.close();

    await().until(() -> interrupted.contains("a"));
    assertThat(queue.compilations()).isEmpty();
  }

  @Test
  void whatHasBegunIsFinishedForThoseWhoComeLater() throws Exception {
    var ticket = queue.order(order("a", Lane.LONG));
    await().until(() -> begun.contains("a"));
    var waiting = queue.order(order("b", Lane.LONG));

    ticket.closeUnlessBegun();
    waiting.closeUnlessBegun();

    assertThat(queue.compilations()).extracting(Compilation::digest).containsExactly("sha256:a");
    latch("a").countDown();
    ticket.await();
    assertThat(begun).containsExactly("a");
  }

  @Test
  void everyWaiterLearnsOfARefusal() {
    try (var one = queue.order(order("bad", Lane.QUICK));
        var other = queue.order(order("bad", Lane.QUICK))) {
      latch("bad").countDown();

      assertThatThrownBy(one::await).isInstanceOf(ModuleRefusedException.class);
      assertThatThrownBy(other::await).isInstanceOf(ModuleRefusedException.class);
    }
  }

  @Test
  void closingEndsAllAndTakesNoMore() {
    var ticket = queue.order(order("a", Lane.QUICK));
    await().until(() -> begun.contains("a"));
    queue.close();

    assertThat(interrupted).containsExactly("a");
    assertThatThrownBy(ticket::await).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> queue.order(order("b", Lane.QUICK)))
        .isInstanceOf(IllegalStateException.class);
  }
}
