package dev.dunlin.agent;

import dev.dunlin.agent.admin.AgentMetrics;
import dev.dunlin.agent.code.CompiledModules;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.instance.Instances;
import dev.dunlin.engine.Engine;

/** What an agent's metrics say of how it is now. */
final class Gauges {
  private Gauges() {}

  static void watch(
      AgentMetrics metrics,
      Instances instances,
      HttpApps http,
      Storage storage,
      CompiledModules compiled,
      Engine engine) {
    metrics.watchPhases(instances::phases);
    metrics.watchApps(new NodeTraffic(instances, http.traffic()));
    metrics.watch("dunlin.agent.ports", "App ports open", http::ports);
    metrics.watch(
        "dunlin.agent.config.watches", "ConfigMaps and Secrets watched", storage::watches);
    metrics.watch("dunlin.agent.modules", "Compiled modules in memory", compiled::size);
    metrics.watch(
        "dunlin.agent.asleep",
        "Http instances that nobody asks, so that they have given back their guests",
        instances::asleep);
    metrics.watch(
        "dunlin.engine.compilations",
        "Modules being compiled or waiting for it",
        () -> engine.compilations().size());
  }
}
