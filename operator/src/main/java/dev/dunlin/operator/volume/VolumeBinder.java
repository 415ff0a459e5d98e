package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives WasmVolumes to the node and app of an instance before it is made. The API server decides
 * who is first, so that no volume is given twice, whatever dies or happens in between.
 */
public final class VolumeBinder implements Consumer<WasmInstance> {
  private static final int MOST_CONFLICTS = 5;

  private final Volumes volumes;
  private final VolumeWrites writes;

  public VolumeBinder(KubernetesClient client, Volumes volumes) {
    this.volumes = volumes;
    this.writes = new VolumeWrites(client, volumes);
  }

  /**
   * Binds all volumes of an instance that is about to be made.
   *
   * @throws VolumeTakenException when one of them belongs elsewhere, or is gone
   */
  @Override
  public void accept(WasmInstance instance) {
    for (String name : VolumeView.names(instance.getSpec().volumes()))
      bind(volumes.get(instance.getMetadata().getNamespace(), name), name, instance);
  }

  /** What others write meanwhile is read, and looked at again. */
  private void bind(@Nullable WasmVolume known, String name, WasmInstance instance) {
    @Nullable WasmVolume volume = known;
    for (int left = MOST_CONFLICTS; ; left--) {
      if (volume == null) throw new VolumeTakenException("WasmVolume " + name + " is gone.");
      try {
        bind(volume, instance);
        return;
      } catch (KubernetesClientException e) {
        if (!VolumeWrites.isConflict(e) || left == 0) throw e;
        volume = writes.read(volume);
      }
    }
  }

  private void bind(WasmVolume volume, WasmInstance instance) {
    String node = instance.getSpec().nodeName();
    String app = instance.getSpec().appName();
    var status = VolumeView.status(volume);
    if (volume.getMetadata().getDeletionTimestamp() != null)
      throw new VolumeTakenException(
          "WasmVolume " + volume.getMetadata().getName() + " is being deleted.");
    if (!VolumeView.isShared(volume) && !isFree(status, node, app))
      throw new VolumeTakenException(
          "WasmVolume %s was given to app %s on node %s meanwhile."
              .formatted(volume.getMetadata().getName(), status.usedBy(), status.nodeName()));
    var kept =
        volume.getMetadata().getFinalizers().contains(Api.VOLUME_FINALIZER) ? volume : keep(volume);
    if (VolumeView.isShared(volume) || isBound(status, node, app)) return;
    writes.status(
        kept,
        new WasmVolumeStatus(
            status.observedGeneration(), status.phase(), node, app, status.conditions()));
  }

  /** From now on its object stays until its files are gone. */
  private WasmVolume keep(WasmVolume volume) {
    var finalizers = new ArrayList<>(volume.getMetadata().getFinalizers());
    finalizers.add(Api.VOLUME_FINALIZER);
    return writes.finalizers(volume, finalizers);
  }

  private static boolean isFree(WasmVolumeStatus status, String node, String app) {
    return (status.nodeName() == null || status.nodeName().equals(node))
        && (status.usedBy() == null || status.usedBy().equals(app));
  }

  private static boolean isBound(WasmVolumeStatus status, String node, String app) {
    return node.equals(status.nodeName()) && app.equals(status.usedBy());
  }
}
