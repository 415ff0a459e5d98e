package dev.dunlin.agent.idle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Usage;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SleepyGuestTest {
  private static final Outcome WELL = new Outcome.Exited(0);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // it may well wrap round
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeBed bed = new FakeBed();
  private final One first = new One();
  private final SleepyGuest guest = guest(true);

  @AfterEach
  void close() {
    guest.close();
    workers.shutdownNow();
  }

  @Test
  void whoIsAskedStaysAwakeAndWhoIsNotSleepsAndForgets() throws InterruptedException {
    assertThat(ask()).isEqualTo(WELL);
    pass(299);
    assertThat(ask()).isEqualTo(WELL);
    pass(299);
    assertThat(first.closed).isFalse();

    pass(1);
    assertThat(first.closed).isTrue();
    assertThat(guest.isAsleep()).isTrue();
    assertThat(bed.forgotten).hasValue(0);

    pass(300);
    assertThat(bed.forgotten).hasValue(1);
    pass(10_000);
    assertThat(bed.forgotten).hasValue(1);
    assertThat(bed.idle()).containsExactly(false, true);
  }

  @Test
  void theNextRequestWakesIt() throws InterruptedException {
    ask();
    pass(600);

    assertThat(ask()).isEqualTo(WELL);

    assertThat(bed.guests).hasSize(1);
    assertThat(guest.isAsleep()).isFalse();
    assertThat(bed.idle()).containsExactly(false, true, false);
    assertThat(bed.news).filteredOn(IdleNews.Woken.class::isInstance).hasSize(1);
    assertThat(bed.news).filteredOn(IdleNews.Waits.class::isInstance).hasSize(1);
    assertThat(bed.news).filteredOn(IdleNews.Waited.class::isInstance).hasSize(1);
    pass(299);
    assertThat(guest.isAsleep()).isFalse();
    pass(1);
    assertThat(guest.isAsleep()).isTrue();
  }

  @Test
  void aHerdWakesItOnceAndAllAreAnswered() throws Exception {
    ask();
    pass(600);
    bed.mayCome = new CountDownLatch(1);

    List<Future<Outcome>> herd = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      herd.add(workers.submit(this::ask));
    }
    await().until(() -> bed.count(IdleNews.Waits.class) == 100);
    pass(1);
    bed.mayCome.countDown();

    for (Future<Outcome> one : herd) {
      assertThat(one.get()).isEqualTo(WELL);
    }
    assertThat(bed.guests).hasSize(1);
    assertThat(bed.news)
        .contains(new IdleNews.Woken(Duration.ofSeconds(1)))
        .filteredOn(new IdleNews.Waited(Duration.ofSeconds(1))::equals)
        .hasSize(100);
  }

  @Test
  void itDoesNotFallAsleepUnderARequest() throws Exception {
    first.mayAnswer = new CountDownLatch(1);
    Future<Outcome> slow = workers.submit(this::ask);
    await().until(() -> first.inside.get() == 1);

    pass(10_000);
    assertThat(first.closed).isFalse();
    first.mayAnswer.countDown();

    assertThat(slow.get()).isEqualTo(WELL);
    pass(299);
    assertThat(first.closed).isFalse();
  }

  @Test
  void aWakeThatFailsIsToldAndTriedAgainByTheNextRequest() throws InterruptedException {
    ask();
    pass(600);
    bed.fault = new IllegalStateException("the registry cannot be reached");

    assertThatThrownBy(this::ask)
        .isInstanceOf(CannotWakeException.class)
        .hasMessage("it was idle and cannot be woken: the registry cannot be reached");
    assertThat(bed.news).contains(new IdleNews.NotWoken(bed.fault));
    assertThatThrownBy(this::ask).isInstanceOf(CannotWakeException.class);
    bed.fault = null;

    assertThat(ask()).isEqualTo(WELL);
    assertThat(bed.idle()).containsExactly(false, true, false);
  }

  @Test
  void whoeverLeavesMeanwhileLeavesTheWakingToTheOthers() throws Exception {
    ask();
    pass(600);
    bed.mayCome = new CountDownLatch(1);
    Future<Outcome> leaves = workers.submit(this::ask);
    Future<Outcome> stays = workers.submit(this::ask);
    await().until(() -> bed.count(IdleNews.Waits.class) == 2);

    leaves.cancel(true);
    await().until(() -> bed.count(IdleNews.Waited.class) == 1);
    bed.mayCome.countDown();

    assertThat(stays.get()).isEqualTo(WELL);
    assertThat(bed.guests).hasSize(1);
  }

  @Test
  void whoEndsWhileItWakesGivesBackWhatArrives() throws Exception {
    ask();
    pass(600);
    bed.mayCome = new CountDownLatch(1);
    Future<Outcome> waits = workers.submit(this::ask);
    await().until(() -> bed.count(IdleNews.Waits.class) == 1);

    guest.close();
    bed.mayCome.countDown();

    assertThat(waits.get()).isEqualTo(new Outcome.Cancelled());
    assertThat(bed.guests).singleElement().matches(it -> it.closed);
    assertThat(ask()).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  void probesNeitherCountAsRequestsNorWake() throws InterruptedException {
    ask();
    pass(200);
    assertThat(probe()).isEqualTo(WELL);

    pass(100);

    assertThat(guest.isAsleep()).isTrue();
    assertThatThrownBy(this::probe).isInstanceOf(IllegalStateException.class);
    assertThat(bed.guests).isEmpty();
  }

  @Test
  void whoIsNotReadyDoesNotSleep() throws InterruptedException {
    try (SleepyGuest unready = guest(false)) {
      clock.addAndGet(Duration.ofHours(1).toNanos());
      unready.review();
      assertThat(unready.isAsleep()).isFalse();

      unready.mayRest(true);
      unready.review();

      assertThat(unready.isAsleep()).isTrue();
    }
  }

  @Test
  void whoWasNeverAskedGivesAllBackSoonAndIsIdleOnlyAfterItsTime() throws InterruptedException {
    pass(60);
    assertThat(guest.isAsleep()).isTrue();
    assertThat(bed.forgotten).hasValue(1);
    assertThat(bed.idle()).isEmpty();

    pass(240);
    assertThat(bed.idle()).containsExactly(true);
    ask();

    assertThat(bed.idle()).containsExactly(true, false);
  }

  @Test
  void codeThatIsBeingImprovedIsKeptUntilThatIsDone() throws InterruptedException {
    ask();
    bed.improving = true;
    pass(10_000);
    assertThat(guest.isAsleep()).isTrue();
    assertThat(bed.forgotten).hasValue(0);

    bed.improving = false;
    pass(1);

    assertThat(bed.forgotten).hasValue(1);
  }

  @Test
  void whatItHasUsedOfProcessorsOnlyGrows() throws InterruptedException {
    ask();
    first.cpu = Duration.ofSeconds(3);
    pass(600);
    assertThat(guest.usage()).isEqualTo(new Usage(Duration.ofSeconds(3), 0));

    ask();
    bed.guests.getFirst().cpu = Duration.ofSeconds(1);

    assertThat(guest.usage().cpu()).isEqualTo(Duration.ofSeconds(4));
  }

  private SleepyGuest guest(boolean mayRest) {
    return new SleepyGuest(first, IdleTimes.ofSeconds(300, 600), bed, mayRest, workers, clock::get);
  }

  private void pass(int seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    guest.review();
  }

  private Outcome ask() throws InterruptedException {
    return guest.answer(request(), new Nowhere());
  }

  private Outcome probe() throws InterruptedException {
    return guest.forProbes().answer(request(), new Nowhere());
  }

  private static HttpRequest request() {
    return new HttpRequest(
        "GET", "http", "a", "/", "", List.of(), InputStream.nullInputStream(), "127.0.0.1");
  }

  private record Nowhere() implements HttpResponse {
    @Override
    public OutputStream begin(int status, List<HttpHeader> headers) {
      return OutputStream.nullOutputStream();
    }
  }

  private static final class One implements HttpGuest {
    final AtomicInteger inside = new AtomicInteger();
    volatile boolean closed;
    volatile CountDownLatch mayAnswer = new CountDownLatch(0);
    volatile Duration cpu = Duration.ZERO;

    @Override
    public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
      assertThat(closed).isFalse();
      inside.incrementAndGet();
      try {
        mayAnswer.await();
        assertThat(closed).isFalse();
        return WELL;
      } finally {
        inside.decrementAndGet();
      }
    }

    @Override
    public Usage usage() {
      return new Usage(cpu, 0);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class FakeBed implements Bed {
    final List<One> guests = new CopyOnWriteArrayList<>();
    final List<IdleNews> news = new CopyOnWriteArrayList<>();
    final AtomicInteger forgotten = new AtomicInteger();
    volatile CountDownLatch mayCome = new CountDownLatch(0);
    volatile @Nullable RuntimeException fault;
    volatile boolean improving;

    @Override
    public HttpGuest guest() throws InterruptedException {
      mayCome.await();
      RuntimeException because = fault;
      if (because != null) {
        throw because;
      }
      var woken = new One();
      guests.add(woken);
      return woken;
    }

    @Override
    public boolean mayForgetCode() {
      return !improving;
    }

    @Override
    public void forgetCode() {
      forgotten.incrementAndGet();
    }

    @Override
    public void told(IdleNews what) {
      news.add(what);
    }

    long count(Class<? extends IdleNews> kind) {
      return news.stream().filter(kind::isInstance).count();
    }

    List<Boolean> idle() {
      return news.stream()
          .filter(IdleNews.Idle.class::isInstance)
          .map(it -> ((IdleNews.Idle) it).now())
          .toList();
    }
  }
}
