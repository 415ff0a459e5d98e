package dev.dunlin.agent.volume;

import dev.dunlin.agent.config.ConfigException;
import dev.dunlin.agent.config.VolumeSource;
import dev.dunlin.agent.disk.FolderRemoval;
import dev.dunlin.agent.disk.FolderSize;
import dev.dunlin.agent.disk.PrivateFolder;
import dev.dunlin.api.v1alpha1.AccessMode;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The folders of WasmVolumes: {@code ROOT/NAMESPACE/NAME-UID}, where only the agent's user looks
 * into. What guests put inside is never followed.
 */
public final class VolumeFolders implements VolumeSource {
  /** What an agent says that it offers, in the words of engine features. */
  public static final String LOCAL = "volume:local";

  public static final String SHARED = "volume:shared";

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final String nodeName;
  private final Optional<Path> local;
  private final Optional<Path> shared;
  private final BiFunction<String, String, @Nullable WasmVolume> volumes;

  /** Uids of volumes whose folders are being removed, or are. */
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  /**
   * Prepares it.
   *
   * @param local folder for volumes of this node; empty: none are offered
   * @param shared folder that all agents share; empty: none are offered
   * @param volumes asks the API server for a volume by namespace and name
   * @throws IOException when a folder cannot be written to
   */
  public VolumeFolders(
      String nodeName,
      Optional<Path> local,
      Optional<Path> shared,
      BiFunction<String, String, @Nullable WasmVolume> volumes)
      throws IOException {
    this.nodeName = nodeName;
    this.local = local;
    this.shared = shared;
    this.volumes = volumes;
    requireWritable("--local-volumes", local);
    requireWritable("--shared-volumes", shared);
  }

  private static void requireWritable(String flag, Optional<Path> root) throws IOException {
    if (root.isPresent()) {
      Path folder = Files.createDirectories(root.get());
      if (!Files.isWritable(folder)) {
        throw new IOException(flag + ": expected a folder that this user may write to: " + folder);
      }
    }
  }

  /** What this node offers. */
  public List<String> features() {
    var features = new ArrayList<String>();
    local.ifPresent(root -> features.add(LOCAL));
    shared.ifPresent(root -> features.add(SHARED));
    return features;
  }

  @Override
  public Folder open(WasmInstance instance, String claimName) throws IOException {
    String namespace = instance.getMetadata().getNamespace();
    WasmVolume volume = volumes.apply(namespace, claimName);
    if (volume == null || isRemoved(volume)) {
      throw new ConfigException(
          Reasons.VOLUME_NOT_FOUND,
          "there is no WasmVolume \"%s\" in namespace %s. Create it; the instance starts once it is there."
              .formatted(claimName, namespace));
    }
    requireOwner(volume, instance.getSpec().appName());
    Path root =
        root(volume)
            .orElseThrow(() ->
                new ConfigException(
                    Reasons.VOLUMES_NOT_OFFERED,
                    "node %s offers no %s volumes (the agent's flag --%s-volumes)."
                        .formatted(nodeName, word(volume), word(volume))));
    Path folder = PrivateFolder.create(root.resolve(namespace), folderName(volume));
    long limit = Quantity.getAmountInBytes(volume.getSpec().size()).min(MOST).longValue();
    if (FolderSize.of(folder, limit) > limit) {
      throw new ConfigException(
          Reasons.VOLUME_FULL,
          "the files of WasmVolume \"%s\" take more than its size of %s. Make it larger (spec.size), or remove some; the instance starts once there is room."
              .formatted(claimName, volume.getSpec().size()));
    }
    return new Folder(folder, limit);
  }

  private boolean isRemoved(WasmVolume volume) {
    var metadata = volume.getMetadata();
    return removed.contains(metadata.getUid())
        || (metadata.getDeletionTimestamp() != null
            && !metadata.getFinalizers().contains(Api.VOLUME_FINALIZER));
  }

  /** The operator sees to this before it makes an instance; the files must not hang on that. */
  private void requireOwner(WasmVolume volume, String app) {
    if (volume.getSpec().accessMode() == AccessMode.ReadWriteMany) {
      return;
    }
    WasmVolumeStatus status =
        Objects.requireNonNullElse(volume.getStatus(), WasmVolumeStatus.EMPTY);
    if (!nodeName.equals(status.nodeName()) || !app.equals(status.usedBy())) {
      throw new ConfigException(
          Reasons.VOLUME_IN_USE,
          "WasmVolume \"%s\" is for app %s on node %s, not for app %s on node %s."
              .formatted(
                  volume.getMetadata().getName(),
                  status.usedBy(),
                  status.nodeName(),
                  app,
                  nodeName));
    }
  }

  /**
   * Removes a volume's folder and all that is in it.
   *
   * @param inUse whether an instance here has the volume, asked once nobody new can open it
   * @return false when it is in use, or not on storage that this agent has
   */
  boolean remove(WasmVolume volume, Predicate<WasmVolume> inUse) throws IOException {
    Optional<Path> root = root(volume);
    String uid = volume.getMetadata().getUid();
    removed.add(uid);
    if (root.isEmpty() || inUse.test(volume)) {
      removed.remove(uid);
      return false;
    }
    FolderRemoval.delete(
        root.get().resolve(volume.getMetadata().getNamespace()).resolve(folderName(volume)));
    return true;
  }

  /** The object of a removed volume says so itself from now on. */
  void letGo(WasmVolume volume) {
    removed.remove(volume.getMetadata().getUid());
  }

  private Optional<Path> root(WasmVolume volume) {
    return volume.getSpec().accessMode() == AccessMode.ReadWriteMany ? shared : local;
  }

  private static String word(WasmVolume volume) {
    return volume.getSpec().accessMode() == AccessMode.ReadWriteMany ? "shared" : "local";
  }

  private static String folderName(WasmVolume volume) {
    return volume.getMetadata().getName() + "-" + volume.getMetadata().getUid();
  }
}
