package dev.dunlin.agent.volume;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the folders of this node's WasmVolumes that are being deleted, once no instance has them,
 * and then lets their objects go. What fails is tried again with the next {@link #look}.
 */
public final class DeletedVolumes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeletedVolumes.class);

  private final KubernetesClient client;
  private final VolumeFolders folders;
  private final Predicate<WasmVolume> inUse;
  private final SharedIndexInformer<WasmVolume> informer;
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * Prepares it.
   *
   * @param inUse whether an instance here has a volume
   */
  public DeletedVolumes(
      KubernetesClient client,
      String nodeName,
      VolumeFolders folders,
      Predicate<WasmVolume> inUse) {
    this.client = client;
    this.folders = folders;
    this.inUse = inUse;
    this.informer =
        client
            .resources(WasmVolume.class)
            .inAnyNamespace()
            .withField("status.nodeName", nodeName)
            .runnableInformer(0)
            .exceptionHandler((started, fault) -> true);
  }

  /** Begins to watch; nothing where this node offers no volumes. */
  public void start() {
    if (!folders.features().isEmpty()) {
      var _ = informer.start();
    }
  }

  /** Looks for what is to be removed, unless it is at it; called every few seconds. */
  public void look() {
    if (looking.compareAndSet(false, true)) {
      try {
        removeAll();
      } finally {
        looking.set(false);
      }
    }
  }

  private void removeAll() {
    List<WasmVolume> going =
        informer.getStore().list().stream()
            .filter(volume -> volume.getMetadata().getDeletionTimestamp() != null)
            .filter(volume -> volume.getMetadata().getFinalizers().contains(Api.VOLUME_FINALIZER))
            .toList();
    for (WasmVolume volume : going) {
      try {
        if (folders.remove(volume, inUse)) {
          letGo(volume);
          folders.letGo(volume);
          log.info("the folder of WasmVolume {} is removed", name(volume));
        }
      } catch (IOException | KubernetesClientException e) {
        log.warn("WasmVolume {} is not removed yet: {}", name(volume), e.toString());
      }
    }
  }

  private void letGo(WasmVolume volume) {
    int index = volume.getMetadata().getFinalizers().indexOf(Api.VOLUME_FINALIZER);
    String path = "/metadata/finalizers/" + index;
    String patch =
        "[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"%s\"},{\"op\":\"test\",\"path\":\"%s\",\"value\":\"%s\"},{\"op\":\"remove\",\"path\":\"%s\"}]"
            .formatted(volume.getMetadata().getUid(), path, Api.VOLUME_FINALIZER, path);
    try {
      client.resource(volume).patch(PatchContext.of(PatchType.JSON), patch);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static String name(WasmVolume volume) {
    return volume.getMetadata().getNamespace() + "/" + volume.getMetadata().getName();
  }

  @Override
  public void close() {
    informer.stop();
  }
}
