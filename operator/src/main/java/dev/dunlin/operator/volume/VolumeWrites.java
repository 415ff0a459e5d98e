package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes WasmVolumes, each time only over the version that was read: what somebody else has written
 * meanwhile is answered with 409 and stays.
 */
final class VolumeWrites {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final Volumes volumes;

  VolumeWrites(KubernetesClient client, Volumes volumes) {
    this.client = client;
    this.volumes = volumes;
  }

  /** The volume with another status. */
  WasmVolume status(WasmVolume volume, WasmVolumeStatus status) {
    Map<String, @Nullable Object> fields = new HashMap<>();
    fields.put("observedGeneration", status.observedGeneration());
    fields.put("phase", status.phase());
    fields.put("nodeName", status.nodeName());
    fields.put("usedBy", status.usedBy());
    fields.put("conditions", status.conditions());
    var patch = Map.of("metadata", version(volume), "status", fields);
    return written(
        resource(volume).subresource("status").patch(MERGE, Serialization.asJson(patch)));
  }

  /** The volume with other finalizers. */
  WasmVolume finalizers(WasmVolume volume, List<String> finalizers) {
    Map<String, Object> metadata = new HashMap<>(version(volume));
    metadata.put("finalizers", finalizers);
    return written(
        resource(volume).patch(MERGE, Serialization.asJson(Map.of("metadata", metadata))));
  }

  /** The volume as the API server has it; null when it has none. */
  @Nullable WasmVolume read(WasmVolume volume) {
    return resource(volume).get();
  }

  static boolean isConflict(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }

  private WasmVolume written(WasmVolume now) {
    volumes.written(now);
    return now;
  }

  private static Map<String, String> version(WasmVolume volume) {
    return Map.of(
        "uid",
        volume.getMetadata().getUid(),
        "resourceVersion",
        volume.getMetadata().getResourceVersion());
  }

  private Resource<WasmVolume> resource(WasmVolume volume) {
    return client
        .resources(WasmVolume.class)
        .inNamespace(volume.getMetadata().getNamespace())
        .withName(volume.getMetadata().getName());
  }
}
