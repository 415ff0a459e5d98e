package dev.dunlin.agent.node;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.engine.EngineInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * What an agent is, as long as it runs.
 *
 * @param labels of the WasmNode
 * @param address under which others reach the app ports
 * @param logs where its instances' logs are read
 * @param namespace of the agent's Lease
 */
public record NodeIdentity(
    String name,
    Map<String, String> labels,
    String address,
    int adminPort,
    NodeLogs logs,
    String agentVersion,
    EngineInfo engine,
    long allocatableMemoryBytes,
    Quantity allocatableCpu,
    int maxInstances,
    String startedAt,
    String namespace) {
  public NodeIdentity {
    labels = Map.copyOf(labels);
  }
}
