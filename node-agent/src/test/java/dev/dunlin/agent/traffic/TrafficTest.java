package dev.dunlin.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private final Traffic traffic = new Traffic();

  @Test
  void countsTheRequestsOfARevisionByClassAndByHowLongTheyTook() {
    RevisionTraffic shop = traffic.of("ns", "shop", "r1");
    shop.come();
    shop.waited(TimeUnit.MILLISECONDS.toNanos(250));
    shop.come();

    shop.answered(200, TimeUnit.MILLISECONDS.toNanos(1));
    shop.answered(503, TimeUnit.MILLISECONDS.toNanos(3));
    shop.answered(404, TimeUnit.MINUTES.toNanos(1));
    shop.gone();

    assertThat(traffic.read())
        .singleElement()
        .satisfies(reading -> {
          assertThat(reading.namespace() + "/" + reading.app() + "/" + reading.revision())
              .isEqualTo("ns/shop/r1");
          assertThat(reading.status()).containsExactly(0L, 1L, 0L, 1L, 1L);
          assertThat(reading.latency()).hasSize(traffic.latencyBounds().size() + 1);
          assertThat(bucketOf(reading, 0.001)).isEqualTo(1);
          assertThat(bucketOf(reading, 0.005)).isEqualTo(1);
          assertThat(reading.latency().getLast()).isEqualTo(1);
          assertThat(reading.waitedSeconds()).isEqualTo(0.25);
          assertThat(reading.inFlight()).isEqualTo(1);
          assertThat(reading.waiting()).isEqualTo(1);
        });
  }

  @Test
  void aRevisionThatLeavesTakesItsNumbersAlong() {
    traffic.of("ns", "shop", "r1").answered(200, 1);
    traffic.of("ns", "shop", "r2").answered(200, 1);

    traffic.forget("ns", "shop", "r1");

    assertThat(traffic.read()).extracting(TrafficReading::revision).containsExactly("r2");
    assertThat(traffic.of("ns", "shop", "r1").read("ns", "shop", "r1").status())
        .isEqualTo(List.of(0L, 0L, 0L, 0L, 0L));
  }

  private long bucketOf(TrafficReading reading, double bound) {
    return reading.latency().get(traffic.latencyBounds().indexOf(bound));
  }
}
