package dev.dunlin.agent.node;

import dev.dunlin.api.v1alpha1.EngineStatus;
import dev.dunlin.api.v1alpha1.NodeResources;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmNodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** This agent's WasmNode: made, made again when somebody deletes it, and kept up to date. */
public final class NodeRegistration {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-agent")
          .withForce(true)
          .build();
  private static final int MOST_CACHED_IMAGES = 50;

  private final KubernetesClient client;
  private final NodeIdentity identity;
  private final Supplier<List<String>> cachedImages;
  private final BooleanSupplier memoryPressure;

  /** What the API server has taken last; guarded by this, as is {@code draining}. */
  private @Nullable WasmNodeStatus written;

  private boolean draining;

  public NodeRegistration(
      KubernetesClient client,
      NodeIdentity identity,
      Supplier<List<String>> cachedImages,
      BooleanSupplier memoryPressure) {
    this.client = client;
    this.identity = identity;
    this.cachedImages = cachedImages;
    this.memoryPressure = memoryPressure;
  }

  /** Makes the API server's WasmNode what this agent is; fabric8's exceptions say why not. */
  public synchronized void apply() {
    WasmNodeStatus status = status();
    client.resource(node()).patch(APPLY);
    WasmNode node = node();
    node.setStatus(status);
    client.resource(node).subresource("status").patch(APPLY);
    written = status;
  }

  /** {@link #apply} where something has changed, or the WasmNode is gone. */
  public synchronized void refresh() {
    boolean gone = client.resources(WasmNode.class).withName(identity.name()).get() == null;
    if (gone || !status().equals(written)) {
      apply();
    }
  }

  /** Says that nothing new shall be placed here. */
  public synchronized void drain() {
    draining = true;
    apply();
  }

  private WasmNode node() {
    var node = new WasmNode();
    node.setMetadata(
        new ObjectMetaBuilder().withName(identity.name()).withLabels(identity.labels()).build());
    return node;
  }

  private WasmNodeStatus status() {
    List<String> cached = cachedImages.get();
    return new WasmNodeStatus(
        identity.address(),
        identity.adminPort(),
        identity.logs(),
        identity.agentVersion(),
        new EngineStatus(
            identity.engine().name(), identity.engine().version(), identity.engine().features()),
        new NodeResources(
            new Quantity((identity.allocatableMemoryBytes() >> 20) + "Mi"), // rounded down
            identity.maxInstances(),
            identity.allocatableCpu()),
        identity.startedAt(),
        draining,
        memoryPressure.getAsBoolean() ? true : null,
        cached.subList(0, Math.min(cached.size(), MOST_CACHED_IMAGES)),
        List.of());
  }
}
