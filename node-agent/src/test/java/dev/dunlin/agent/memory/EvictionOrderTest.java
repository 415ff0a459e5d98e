package dev.dunlin.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictionOrderTest {
  @Test
  void whoExceedsItsRequestGoesFirstThenLowPriorityThenWhoIsFurthestOver() {
    var within = tenant("within", -10, 100, 100);
    var most = tenant("most", 5, 10, 500);
    var low = tenant("low", 0, 10, 20);
    var lowAndMore = tenant("low-and-more", 0, 10, 30);
    var idle = tenant("idle", -100, 0, 0);
    var tenants = new ArrayList<>(List.of(within, most, low, lowAndMore, idle));

    var order = new ArrayList<String>();
    while (EvictionOrder.first(tenants).isPresent()) {
      Tenant next = EvictionOrder.first(tenants).orElseThrow();
      order.add(next.name());
      tenants.remove(next);
    }

    assertThat(order).containsExactly("low-and-more", "low", "most", "within");
  }

  private static Tenant tenant(String name, int priority, long request, long used) {
    return new Tenant("uid-" + name, name, priority, request, used);
  }
}
