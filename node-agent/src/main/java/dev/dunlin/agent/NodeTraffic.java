package dev.dunlin.agent;

import dev.dunlin.agent.admin.AppTraffic;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.instance.Instances;
import dev.dunlin.agent.traffic.Traffic;
import dev.dunlin.agent.traffic.TrafficReading;
import java.util.List;
import java.util.function.Predicate;

/** What apps do here: what was counted, with what their instances use now. */
record NodeTraffic(Instances instances, Traffic traffic) implements AppTraffic {
  @Override
  public List<Double> latencyBounds() {
    return traffic.latencyBounds();
  }

  @Override
  public List<TrafficReading> read(Predicate<AppKey> apps) {
    return traffic.read(instances.here(apps)).stream()
        .filter(it -> apps.test(new AppKey(it.namespace(), it.app())))
        .toList();
  }
}
