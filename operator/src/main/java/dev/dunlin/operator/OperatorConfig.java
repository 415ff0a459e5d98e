package dev.dunlin.operator;

import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.operator.access.Account;
import dev.dunlin.operator.metrics.AgentReadings;
import dev.dunlin.operator.port.PortRange;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How an operator runs. Begin with {@link #DEFAULT} and change what differs.
 *
 * @param namespace of the agents' Leases and the operator's own
 * @param watchNamespaces whose WasmApps are looked after; none for all
 * @param adminPort of /livez, /readyz and /metrics; 0 for any free one
 * @param appPorts that http apps are given, one each, on every agent
 * @param leaderElect whether to wait for the Lease {@code dunlin-operator} before doing anything
 * @param identity what the operator calls itself in that Lease
 * @param leasePoll time between two readings of the agents' Leases
 * @param nodeGrace between a node's Ready turning False and its instances being given up
 * @param outageGrace how long agents whose Leases stop all together are believed to live
 * @param removeNodeAfter silence after which a WasmNode without instances is deleted
 * @param jobRetryDelay before a job's first run after a failure; it doubles, up to 6 min
 * @param aggregation where the APIs are served that are part of the cluster's
 * @param agents whom agents are, so that they are let read what apps refer to; empty: they may
 *     already
 * @param metrics how apps' metrics are read from agents, and offered
 * @param registry how image registries are reached
 */
public record OperatorConfig(
    String namespace,
    Set<String> watchNamespaces,
    int adminPort,
    PortRange appPorts,
    boolean leaderElect,
    String identity,
    Duration leasePoll,
    Duration nodeGrace,
    Duration outageGrace,
    Duration removeNodeAfter,
    Duration jobRetryDelay,
    Aggregation aggregation,
    Metrics metrics,
    Optional<Account> agents,
    RegistryConfig registry) {

  /**
   * How the aggregated APIs are served.
   *
   * @param port 0: not at all
   * @param service in front of the operator's Pods, in its namespace
   * @param owner ClusterRole whose deletion takes the APIServices along
   */
  public record Aggregation(int port, String service, Optional<String> owner) {
    public static final Aggregation OFF = new Aggregation(0, "dunlin-operator");

    /** One whose APIServices stay until somebody deletes them. */
    public Aggregation(int port, String service) {
      this(port, service, Optional.empty());
    }

    boolean isOn() {
      return port != 0;
    }
  }

  /**
   * Metrics of apps.
   *
   * @param readings how agents are read
   * @param custom whether {@code custom.metrics.k8s.io} is offered, where APIs are served at all
   * @param external whether {@code external.metrics.k8s.io} is
   */
  public record Metrics(AgentReadings.Settings readings, boolean custom, boolean external) {
    public static final Metrics DEFAULT = new Metrics(AgentReadings.Settings.DEFAULT, true, false);
  }

  public static final OperatorConfig DEFAULT =
      new OperatorConfig(
          "dunlin-system",
          Set.of(),
          8080,
          new PortRange(20000, 29999),
          true,
          "dunlin-operator",
          Duration.ofMillis(250),
          Duration.ofSeconds(3),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Aggregation.OFF,
          Metrics.DEFAULT,
          Optional.empty(),
          RegistryConfig.defaults());

  public OperatorConfig {
    watchNamespaces = Set.copyOf(watchNamespaces);
  }

  public OperatorConfig withNamespace(String other) {
    return new OperatorConfig(
        other,
        watchNamespaces,
        adminPort,
        appPorts,
        leaderElect,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        jobRetryDelay,
        aggregation,
        metrics,
        agents,
        registry);
  }

  public OperatorConfig withAdminPort(int other) {
    return new OperatorConfig(
        namespace,
        watchNamespaces,
        other,
        appPorts,
        leaderElect,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        jobRetryDelay,
        aggregation,
        metrics,
        agents,
        registry);
  }

  public OperatorConfig withAppPorts(PortRange other) {
    return new OperatorConfig(
        namespace,
        watchNamespaces,
        adminPort,
        other,
        leaderElect,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        jobRetryDelay,
        aggregation,
        metrics,
        agents,
        registry);
  }

  public OperatorConfig withLeaderElect(boolean other) {
    return new OperatorConfig(
        namespace,
        watchNamespaces,
        adminPort,
        appPorts,
        other,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        jobRetryDelay,
        aggregation,
        metrics,
        agents,
        registry);
  }

  public OperatorConfig withRegistry(RegistryConfig other) {
    return new OperatorConfig(
        namespace,
        watchNamespaces,
        adminPort,
        appPorts,
        leaderElect,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        jobRetryDelay,
        aggregation,
        metrics,
        agents,
        other);
  }

  public OperatorConfig withJobRetryDelay(Duration other) {
    return new OperatorConfig(
        namespace,
        watchNamespaces,
        adminPort,
        appPorts,
        leaderElect,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        other,
        aggregation,
        metrics,
        agents,
        registry);
  }

  /** The same, with agents that are to be let read. */
  public OperatorConfig withAgents(Account other) {
    return new OperatorConfig(
        namespace,
        watchNamespaces,
        adminPort,
        appPorts,
        leaderElect,
        identity,
        leasePoll,
        nodeGrace,
        outageGrace,
        removeNodeAfter,
        jobRetryDelay,
        aggregation,
        metrics,
        Optional.of(other),
        registry);
  }
}
