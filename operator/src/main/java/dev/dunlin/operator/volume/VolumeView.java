package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.AccessMode;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeSource;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import dev.dunlin.operator.volume.Claims.Obstacle;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The WasmVolumes that one pass over an app knows of.
 *
 * @param app whose pass it is
 * @param volumes by name, all that the app or its instances refer to and that exist
 * @param gone nodes of those volumes that are gone for good: they have no WasmNode any more
 */
public record VolumeView(String app, Map<String, WasmVolume> volumes, Set<String> gone) {
  public static final String LOCAL = "volume:local";
  public static final String SHARED = "volume:shared";

  public VolumeView {
    volumes = Map.copyOf(volumes);
    gone = Set.copyOf(gone);
  }

  /** The names of the WasmVolumes among those volumes. */
  public static Set<String> names(List<Volume> of) {
    return of.stream()
        .map(Volume::wasmVolume)
        .filter(Objects::nonNull)
        .map(WasmVolumeSource::claimName)
        .collect(Collectors.toSet());
  }

  /** What an instance with those volumes asks for. */
  public Claims claims(List<Volume> of) {
    var names = names(of);
    if (names.isEmpty()) return Claims.NONE;
    Set<String> features = new HashSet<>();
    var places = new TreeMap<String, String>(); // volume to node
    boolean together = false;
    for (String name : names) {
      @Nullable WasmVolume volume = volumes.get(name);
      var obstacle = obstacle(name, volume);
      if (obstacle.isPresent() || volume == null)
        return new Claims(Set.of(), Optional.empty(), "", false, obstacle);
      boolean shared = isShared(volume);
      features.add(shared ? SHARED : LOCAL);
      @Nullable String node = status(volume).nodeName();
      if (!shared && node != null) places.put(name, node);
      if (!shared && node == null) together = true;
    }
    var nodes = Set.copyOf(places.values());
    String why = words(places);
    if (nodes.size() > 1)
      return new Claims(
          features,
          Optional.empty(),
          why,
          false,
          Optional.of(
              new Obstacle(Reasons.UNSCHEDULABLE, why + ", and an instance is on one node only.")));
    return new Claims(
        features, nodes.stream().findFirst(), why, together && nodes.isEmpty(), Optional.empty());
  }

  private Optional<Obstacle> obstacle(String name, @Nullable WasmVolume volume) {
    if (volume == null)
      return Optional.of(
          new Obstacle(
              Reasons.VOLUME_NOT_FOUND,
              "There is no WasmVolume \"%s\" in the app's namespace. Create it.".formatted(name)));
    if (volume.getMetadata().getDeletionTimestamp() != null)
      return Optional.of(
          new Obstacle(
              Reasons.VOLUME_NOT_FOUND,
              "WasmVolume \"%s\" is being deleted. Create it anew once it is gone."
                  .formatted(name)));
    var status = status(volume);
    if (isShared(volume)) return Optional.empty();
    if (status.usedBy() != null && !status.usedBy().equals(app))
      return Optional.of(
          new Obstacle(
              Reasons.VOLUME_IN_USE,
              "WasmVolume \"%s\" is ReadWriteOnce, and app %s has it. Give this app another, or make it ReadWriteMany."
                  .formatted(name, status.usedBy())));
    if (status.nodeName() != null && gone.contains(status.nodeName()))
      return Optional.of(
          new Obstacle(
              Reasons.VOLUME_LOST,
              "The files of WasmVolume \"%s\" are on node %s, which is gone: it has no WasmNode any more. If it does not come back, delete the WasmVolume and create it anew."
                  .formatted(name, status.nodeName())));
    return Optional.empty();
  }

  private static String words(Map<String, String> places) {
    return places.entrySet().stream()
        .map(e -> "WasmVolume \"%s\" is on node %s".formatted(e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  static boolean isShared(WasmVolume volume) {
    return volume.getSpec().accessMode() == AccessMode.ReadWriteMany;
  }

  static WasmVolumeStatus status(WasmVolume volume) {
    var status = volume.getStatus();
    return status == null ? WasmVolumeStatus.EMPTY : status;
  }
}
