package dev.dunlin.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
  @Test
  void cpuTimeOfAnAppAddsUpAndGoesWithItsLastInstance() {
    try (var metrics = new AgentMetrics()) {
      metrics.used("shop", "cart", Duration.ofMillis(300));
      metrics.used("shop", "cart", Duration.ofMillis(1_200));
      metrics.used("shop", "till", Duration.ofMillis(10));

      assertThat(metrics.text())
          .contains("dunlin_app_cpu_seconds_total{app=\"cart\",namespace=\"shop\"} 1.5\n");
      metrics.forget("shop", "cart");

      assertThat(metrics.text())
          .doesNotContain("app=\"cart\"")
          .contains("dunlin_app_cpu_seconds_total{app=\"till\",namespace=\"shop\"} 0.01\n");
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
