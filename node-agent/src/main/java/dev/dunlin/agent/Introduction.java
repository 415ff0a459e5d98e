package dev.dunlin.agent;

import dev.dunlin.agent.node.NodeIdentity;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.engine.EngineInfo;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an agent says of itself and its node, as long as it runs. */
final class Introduction {
  private Introduction() {}

  /**
   * Puts it together.
   *
   * @param volumes what storage the node offers, in the words of engine features: placement looks
   *     at both alike
   */
  static NodeIdentity of(
      AgentConfig config,
      EngineInfo engine,
      List<String> volumes,
      int adminPort,
      NodeLogs logs,
      Clock clock) {
    Map<String, String> labels = new HashMap<>(config.nodeLabels());
    labels.putIfAbsent(Api.HOST_LABEL, config.nodeName());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", arch());
    labels.put("dunlin.dev/engine", engine.name());
    var features = new ArrayList<>(engine.features());
    features.addAll(volumes);
    return new NodeIdentity(
        config.nodeName(),
        labels,
        config.advertiseAddress(),
        adminPort,
        logs,
        AgentVersion.current(),
        new EngineInfo(engine.name(), engine.version(), features),
        config.guestMemory(engine.name()).offeredBytes(),
        config.allocatableCpu(),
        config.maxInstances(),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
        config.namespace());
  }

  private static String arch() {
    String arch = System.getProperty("os.arch", "unknown");
    return arch.equals("aarch64") ? "arm64" : arch;
  }
}
