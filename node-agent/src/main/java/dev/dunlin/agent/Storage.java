package dev.dunlin.agent;

import dev.dunlin.agent.config.ClusterConfig;
import dev.dunlin.agent.config.ClusterWatches;
import dev.dunlin.agent.config.FileSources;
import dev.dunlin.agent.instance.Instances;
import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.agent.volume.DeletedVolumes;
import dev.dunlin.agent.volume.VolumeFolders;
import dev.dunlin.agent.volume.VolumeSettings;
import dev.dunlin.api.v1alpha1.WasmVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/** All that the files of an agent's instances are made from, kept in and held to. */
final class Storage implements AutoCloseable {
  private static final Duration CONFIG_KEPT = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final ExecutorService workers;
  private final ClusterWatches watches;
  private final VolumeFolders folders;
  private final FileSources files;
  private final DeletedVolumes deleted;

  /** Whose instances they are; there are none before {@link #begin}. */
  private final AtomicReference<Instances> instances = new AtomicReference<>();

  Storage(
      String nodeName, VolumeSettings settings, KubernetesClient client, ExecutorService workers)
      throws IOException {
    this.workers = workers;
    this.watches = new ClusterWatches(client);
    this.folders =
        new VolumeFolders(
            nodeName,
            settings.local(),
            settings.shared(),
            (namespace, name) ->
                client.resources(WasmVolume.class).inNamespace(namespace).withName(name).get());
    this.files =
        new FileSources(
            new ClusterConfig(client, CONFIG_KEPT),
            watches,
            folders,
            settings.emptyDirBytes(),
            workers);
    this.deleted =
        new DeletedVolumes(
            client,
            nodeName,
            folders,
            // Before the instances are known, each volume may be theirs.
            volume -> instances.get() == null || instances.get().uses(volume));
  }

  FileSources files() {
    return files;
  }

  /** What this node offers, in the words of engine features. */
  List<String> features() {
    return folders.features();
  }

  /** How many ConfigMaps and Secrets are watched. */
  int watches() {
    return watches.size();
  }

  /** Begins to look after sizes and deletions; all of the node's instances are known. */
  void begin(Instances known, Ticker timer) {
    instances.set(known);
    deleted.start();
    timer.every(
        LOOK_EVERY,
        () ->
            workers.execute(() -> {
              deleted.look();
              known.measure();
            }));
  }

  @Override
  public void close() {
    deleted.close();
    watches.close();
  }
}
