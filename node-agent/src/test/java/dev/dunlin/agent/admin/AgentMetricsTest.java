package dev.dunlin.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.traffic.Presence;
import dev.dunlin.agent.traffic.Traffic;
import dev.dunlin.agent.traffic.TrafficReading;
import dev.dunlin.agent.traffic.TrapKind;
import dev.dunlin.engine.Outbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
  private final Traffic traffic = new Traffic();
  private final List<Presence> here = new ArrayList<>();

  @Test
  void whatARevisionDoesIsExportedWhileItIsHere() {
    try (var metrics = new AgentMetrics()) {
      metrics.watchApps(new Here());
      var cart = traffic.join("shop", "cart", "r1");
      cart.come();
      cart.waited(TimeUnit.MILLISECONDS.toNanos(250));
      cart.answered(200, TimeUnit.MILLISECONDS.toNanos(4));
      cart.answered(204, TimeUnit.SECONDS.toNanos(40));
      cart.answered(500, TimeUnit.MILLISECONDS.toNanos(1));
      cart.used(Duration.ofMillis(1_500));
      cart.coldStart(TimeUnit.MILLISECONDS.toNanos(20));
      cart.restarted();
      cart.trapped(TrapKind.STACK_OVERFLOW);
      cart.sent(
          new Outbound(
              Map.of(
                  new Outbound.Call("*.example.com", Outbound.Result.SUCCESSFUL), 3L,
                  new Outbound.Call(Outbound.Call.OTHERS, Outbound.Result.DENIED), 1L)));
      here.add(new Presence("shop", "cart", "r1", 65_536));

      assertThat(metrics.text())
          .contains(
              bucket("2xx", "0.002", 0),
              bucket("2xx", "0.005", 1),
              bucket("2xx", "30.0", 1),
              bucket("2xx", "+Inf", 2),
              bucket("5xx", "0.001", 1),
              "dunlin_app_requests_seconds_sum" + labels(",status=\"2xx\"") + " 40.004\n",
              "dunlin_app_requests_seconds_count" + labels(",status=\"2xx\"") + " 2\n",
              "dunlin_app_requests_in_flight" + labels("") + " 1.0\n",
              "dunlin_app_requests_waiting" + labels("") + " 0.0\n",
              "dunlin_app_queue_wait_seconds_count" + labels("") + " 1\n",
              "dunlin_app_queue_wait_seconds_sum" + labels("") + " 0.25\n",
              "dunlin_app_cpu_seconds_total" + labels("") + " 1.5\n",
              "dunlin_app_memory_bytes" + labels("") + " 65536.0\n",
              "dunlin_app_instances" + labels("") + " 1.0\n",
              "dunlin_app_cold_starts_total" + labels("") + " 1.0\n",
              "dunlin_app_cold_start_seconds_total" + labels("") + " 0.02\n",
              "dunlin_app_restarts_total" + labels("") + " 1.0\n",
              "dunlin_app_outbound_requests_total{app=\"cart\",host=\"*.example.com\",namespace=\"shop\",result=\"2xx\",revision=\"r1\"} 3.0\n",
              "dunlin_app_outbound_requests_total{app=\"cart\",host=\"other\",namespace=\"shop\",result=\"denied\",revision=\"r1\"} 1.0\n",
              "dunlin_app_traps_total{app=\"cart\",kind=\"stack_overflow\",namespace=\"shop\",revision=\"r1\"} 1.0\n")
          .doesNotContain("status=\"4xx\"");
      traffic.leave("shop", "cart", "r1");

      assertThat(metrics.text()).doesNotContain("dunlin_app");
    }
  }

  @Test
  void whatNoRevisionHadAPartInGoesWithTheLastInstanceOfItsApp() {
    try (var metrics = new AgentMetrics()) {
      metrics.answered(new AppKey("shop", "cart"), 503, 1);
      metrics.answered(new AppKey("shop", "till"), 400, 1);

      assertThat(metrics.text())
          .contains(
              "dunlin_app_requests_unserved_total{app=\"cart\",namespace=\"shop\",status=\"5xx\"} 1.0\n");
      metrics.forget("shop", "cart");

      assertThat(metrics.text())
          .doesNotContain("app=\"cart\"")
          .contains(
              "dunlin_app_requests_unserved_total{app=\"till\",namespace=\"shop\",status=\"4xx\"} 1.0\n");
    }
  }

  private static String bucket(String status, String bound, int count) {
    return "dunlin_app_requests_seconds_bucket%s %d\n"
        .formatted(labels(",status=\"" + status + "\",le=\"" + bound + "\""), count);
  }

  private static String labels(String more) {
    return "{app=\"cart\",namespace=\"shop\",revision=\"r1\"" + more + "}";
  }

  private final class Here implements AppTraffic {
    @Override
    public List<Double> latencyBounds() {
      return traffic.latencyBounds();
    }

    @Override
    public List<TrafficReading> read(Predicate<AppKey> apps) {
      return traffic.read(here);
    }
  }

  @Test
  void aWatchedNumberIsReadWhenItIsAskedFor() {
    var compilations = new int[] {0};
    try (var metrics = new AgentMetrics()) {
      metrics.watch("dunlin.engine.compilations", "Under way", () -> compilations[0]);
      compilations[0] = 2;

      assertThat(metrics.text()).contains("dunlin_engine_compilations 2.0\n");
    }
  }
}
