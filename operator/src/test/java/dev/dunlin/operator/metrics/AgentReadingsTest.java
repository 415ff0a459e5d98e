package dev.dunlin.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.NodeLogs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentReadingsTest {
  private static final AppKey SHOP = new AppKey("ns", "shop");
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(1);
  private final World world = new World();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AgentReadings readings =
      new AgentReadings(world, world, AgentReadings.Settings.DEFAULT, registry, world, nanos::get);

  @AfterEach
  void close() {
    world.hang.countDown();
    readings.close();
  }

  @Test
  void whileNobodyAsksNothingIsDone() {
    world.put(SHOP, "n1");

    for (int i = 0; i < 10; i++) look();

    assertThat(world.asked).isEmpty();
    assertThat(world.looked).hasValue(0);
    assertThat(world.rests).hasValue(10);
  }

  @Test
  void anAppThatIsAskedAboutIsReadForFiveMinutes() {
    world.put(SHOP, "n1");
    world.put(new AppKey("ns", "other"), "n2");
    assertThat(readings.figures("ns", "shop")).as("not yet").isEmpty();
    assertThat(readings.whyUnknown("ns", "shop")).contains("from now on");

    look();
    awaitReadings("n1", 1);
    assertThat(readings.figures("ns", "shop").orElseThrow().hasRates()).isFalse();
    world.requests.set(50);
    look();
    awaitReadings("n1", 2);

    var figures = readings.figures("ns", "shop").orElseThrow();
    assertThat(figures.requests()).isEqualTo(50);
    assertThat(figures.requestsPerSecond()).isEqualTo(10);
    assertThat(world.asked.keySet()).containsExactly("n1");
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    look();
    assertThat(world.rests).hasValue(1);
    assertThat(registry.get("dunlin.app.metrics.apps").gauge().value()).isZero();
  }

  @Test
  void figuresAreAwaitedFromTheFirstQuestionOn() {
    world.put(SHOP, "n1");
    assertThat(readings.isAwaited("ns", "shop")).isTrue();
    assertThat(readings.isAwaited("ns", "gone")).as("where it is, is not known").isTrue();

    readings.lookOnce(true);
    awaitReadings("n1", 1);

    assertThat(readings.isAwaited("ns", "shop")).as("rates").isTrue();
    assertThat(readings.isAwaited("ns", "gone")).as("no instance").isFalse();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(readings.isAwaited("ns", "shop")).isFalse();
  }

  @Test
  void aRateIsNotThatOfAMoment() {
    world.put(SHOP, "n1");
    readings.want("ns", "shop");
    readings.lookOnce(true);
    awaitReadings("n1", 1);

    nanos.addAndGet(Duration.ofMillis(2_499).toNanos());
    readings.lookOnce(false);
    assertThat(readings.isBusy("n1")).isFalse();
    assertThat(world.asked).containsEntry("n1", 1);

    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    readings.lookOnce(false);
    awaitReadings("n1", 2);
    assertThat(readings.figures("ns", "shop").orElseThrow().window())
        .isEqualTo(Duration.ofMillis(2_500));
  }

  @Test
  void anAppOfAStandingWishIsReadThoughNobodyAsks() {
    world.put(SHOP, "n1");
    world.standing = List.of(SHOP);
    for (int i = 1; i <= 100; i++) {
      look();
      awaitReadings("n1", i);
    }

    assertThat(registry.get("dunlin.app.metrics.readings").tag("result", "ok").counter().count())
        .isEqualTo(100);
  }

  @Test
  void anAgentThatHangsKeepsNobodyElseFromBeingReadAndIsNotAskedAgain() {
    List<String> dead = IntStream.range(0, 100).mapToObj(i -> "dead" + i).toList();
    dead.forEach(node -> world.put(new AppKey("ns", node), node));
    world.put(SHOP, "n1");
    world.dead.addAll(dead);
    dead.forEach(node -> readings.want("ns", node));
    readings.want("ns", "shop");
    look();
    await().until(() -> world.failures.get() == 100);
    awaitReadings("n1", 1);

    world.hanging = true;
    for (int i = 2; i < 6; i++) {
      look();
      awaitReadings("n1", i);
    }

    assertThat(world.hung).as("in the lane of those that fail").hasValueLessThanOrEqualTo(8);
    assertThat(readings.figures("ns", "shop")).isPresent();
    assertThat(readings.whyUnknown("ns", "dead7")).isEqualTo("dead7 is dead");
  }

  @Test
  void anAgentThatDiedIsSaidToBeSilentAfterAWindow() {
    world.put(SHOP, "n1");
    world.put(SHOP, "n2");
    readings.want("ns", "shop");
    look();
    awaitReadings("n1", 1);
    awaitReadings("n2", 1);
    world.dead.add("n2");
    look();
    awaitReadings("n1", 2);
    assertThat(readings.figures("ns", "shop").orElseThrow().silent()).isZero();

    for (int i = 3; i < 10; i++) {
      look();
      awaitReadings("n1", i);
    }

    var figures = readings.figures("ns", "shop").orElseThrow();
    assertThat(figures.nodes()).isEqualTo(2);
    assertThat(figures.silent()).isEqualTo(1);
    assertThat(figures.memoryBytes()).isEqualTo(1_000);
  }

  @Test
  void whatIsOldIsNotCountedAsNewWhereItIsToldLate() {
    world.requests.set(1_000_000);
    world.put(SHOP, "n1");
    readings.want("ns", "shop");
    look();
    awaitReadings("n1", 1);
    world.put(SHOP, "n2");
    world.put(SHOP, "n3", world.instant());

    look();
    awaitReadings("n1", 2);
    awaitReadings("n2", 1);
    awaitReadings("n3", 1);

    assertThat(readings.figures("ns", "shop").orElseThrow().requests())
        .as("of n3, which is new")
        .isEqualTo(1_000_000);
  }

  @Test
  void anAppWithoutInstancesIsUnknown() {
    readings.want("ns", "shop");
    look();

    assertThat(readings.figures("ns", "shop")).isEmpty();
    assertThat(readings.whyUnknown("ns", "shop")).isEqualTo("it has no instance");
  }

  @Test
  void aCanaryIsCountedFromTheTimeOnThatItsStepBegan() {
    world.put(SHOP, "n1");
    Instant began = world.instant();
    assertThat(readings.since("ns", "shop", "r1", began)).isEqualTo(Answered.NOTHING);

    for (int i = 1; i <= 60; i++) {
      look();
      awaitReadings("n1", i);
      world.requests.addAndGet(10);
    }

    assertThat(readings.since("ns", "shop", "r1", began).requests()).isEqualTo(590);
    assertThat(readings.since("ns", "shop", "r2", began).requests()).isZero();
  }

  private void look() {
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    readings.lookOnce(false);
  }

  /** And all that came of them: one reading is over before the next begins. */
  private void awaitReadings(String node, int count) {
    soon().until(() -> world.asked.getOrDefault(node, 0) == count);
    soon()
        .until(() ->
            registry.get("dunlin.app.metrics.readings").tag("result", "ok").counter().count()
                >= world.asked.values().stream().mapToInt(i -> i).sum());
    soon().until(() -> !readings.isBusy(node));
  }

  /** For what is a matter of threads, and asked for hundreds of times. */
  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
  }

  /** Agents, where apps are, and what time it is. */
  private final class World extends Clock implements AgentReadings.Agents, AgentReadings.Subject {
    private final Map<AppKey, Map<String, Instant>> places = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger hung = new AtomicInteger();
    private final AtomicInteger looked = new AtomicInteger();
    private final AtomicInteger rests = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private final CountDownLatch hang = new CountDownLatch(1);
    private volatile boolean hanging;
    private volatile List<AppKey> standing = List.of();

    void put(AppKey app, String node) {
      put(app, node, LONG_AGO);
    }

    void put(AppKey app, String node, Instant since) {
      places.computeIfAbsent(app, key -> new ConcurrentHashMap<>()).put(node, since);
    }

    @Override
    public AgentPage read(String node, NodeLogs where, Collection<AppKey> apps)
        throws IOException, InterruptedException {
      if (dead.contains(node)) {
        if (hanging) {
          hung.incrementAndGet();
          hang.await();
        }
        failures.incrementAndGet();
        throw new IOException(node + " is dead");
      }
      asked.merge(node, 1, Integer::sum);
      return new AgentPage(List.of(0.1), apps.stream().map(this::reading).toList());
    }

    private Reading reading(AppKey app) {
      long count = requests.get();
      return new Reading(
          app.namespace(),
          app.name(),
          "r1",
          List.of(0L, count, 0L, 0L, 0L),
          List.of(count, 0L),
          0,
          1,
          0,
          0,
          1_000,
          1);
    }

    @Override
    public Collection<AppKey> standing() {
      return standing;
    }

    @Override
    public Whereabouts whereabouts() {
      looked.incrementAndGet();
      return new Whereabouts() {
        @Override
        public Optional<Map<String, Instant>> nodes(AppKey app) {
          return Optional.of(Map.copyOf(places.getOrDefault(app, Map.of())));
        }

        @Override
        public Optional<NodeLogs> agent(String node) {
          return Optional.of(new NodeLogs("127.0.0.1", 1, "0"));
        }
      };
    }

    @Override
    public void rest() {
      rests.incrementAndGet();
    }

    @Override
    public void close() {}

    @Override
    public Instant instant() {
      return LONG_AGO.plus(Duration.ofDays(1)).plusNanos(nanos.get());
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }
}
