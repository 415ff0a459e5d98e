package dev.dunlin.agent.admin;

import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.traffic.TrafficReading;
import java.util.List;
import java.util.function.Predicate;

/** What apps do on this agent. */
public interface AppTraffic {
  /** Upper bounds of the latency's buckets, in seconds. */
  List<Double> latencyBounds();

  /** How some apps' revisions are now. */
  List<TrafficReading> read(Predicate<AppKey> apps);
}
