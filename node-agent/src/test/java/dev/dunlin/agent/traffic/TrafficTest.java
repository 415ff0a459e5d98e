package dev.dunlin.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private final Traffic traffic = new Traffic();

  @Test
  void countsTheRequestsOfARevisionByClassAndByHowLongTheyTook() {
    RevisionTraffic shop = traffic.join("ns", "shop", "r1");
    shop.come();
    shop.waited(TimeUnit.MILLISECONDS.toNanos(250));
    shop.come();

    shop.answered(200, TimeUnit.MILLISECONDS.toNanos(1));
    shop.answered(503, TimeUnit.MILLISECONDS.toNanos(3));
    shop.answered(404, TimeUnit.MINUTES.toNanos(1));
    shop.gone();

    assertThat(traffic.read(List.of()))
        .singleElement()
        .satisfies(reading -> {
          assertThat(reading.namespace() + "/" + reading.app() + "/" + reading.revision())
              .isEqualTo("ns/shop/r1");
          assertThat(reading.status()).containsExactly(0L, 1L, 0L, 1L, 1L);
          assertThat(reading.latency()).hasSize(traffic.latencyBounds().size() + 1);
          assertThat(bucketOf(reading, 0.001)).isEqualTo(1);
          assertThat(bucketOf(reading, 0.005)).isEqualTo(1);
          assertThat(reading.latency().getLast()).isEqualTo(1);
          assertThat(reading.answers().get(4).seconds()).isEqualTo(0.003);
          assertThat(reading.waitedSeconds()).isEqualTo(0.25);
          assertThat(reading.waits()).isEqualTo(1);
          assertThat(reading.inFlight()).isEqualTo(1);
          assertThat(reading.waiting()).isEqualTo(1);
        });
  }

  @Test
  void aRevisionThatLeavesTakesItsNumbersAlong() {
    traffic.join("ns", "shop", "r1").answered(200, 1);
    traffic.join("ns", "shop", "r2").answered(200, 1);

    traffic.leave("ns", "shop", "r1");

    assertThat(traffic.read(List.of())).extracting(TrafficReading::revision).containsExactly("r2");
    traffic.join("ns", "shop", "r1");
    assertThat(of("r1").status()).isEqualTo(List.of(0L, 0L, 0L, 0L, 0L));
  }

  @Test
  void aRevisionStaysUntilTheLastWhoCountsThereHasLeft() {
    RevisionTraffic first = traffic.join("ns", "shop", "r1");
    RevisionTraffic second = traffic.join("ns", "shop", "r1");
    first.restarted();

    traffic.leave("ns", "shop", "r1");
    second.restarted();

    assertThat(of("r1").restarts()).isEqualTo(2);
    traffic.leave("ns", "shop", "r1");
    traffic.leave("ns", "shop", "r1");
    assertThat(traffic.read(List.of())).isEmpty();
  }

  @Test
  void addsUpWhatTheInstancesHaveThatAreHere() {
    traffic.join("ns", "shop", "r1").used(Duration.ofMillis(1_500));
    traffic.join("ns", "shop", "r2").coldStart(TimeUnit.MILLISECONDS.toNanos(20));

    var read =
        traffic.read(
            List.of(
                new Presence("ns", "shop", "r1", 1_000),
                new Presence("ns", "shop", "r1", 0),
                new Presence("ns", "other", "r2", 7)));

    assertThat(read)
        .filteredOn(it -> it.revision().equals("r1"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.instances()).isEqualTo(2);
          assertThat(it.memoryBytes()).isEqualTo(1_000);
          assertThat(it.cpuSeconds()).isEqualTo(1.5);
        });
    assertThat(read)
        .filteredOn(it -> it.revision().equals("r2"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.instances()).isZero();
          assertThat(it.coldStarts()).isEqualTo(1);
          assertThat(it.coldStartSeconds()).isEqualTo(0.02);
        });
  }

  private TrafficReading of(String revision) {
    return traffic.read(List.of()).stream()
        .filter(it -> it.revision().equals(revision))
        .findFirst()
        .orElseThrow();
  }

  private long bucketOf(TrafficReading reading, double bound) {
    return reading.latency().get(traffic.latencyBounds().indexOf(bound));
  }
}
