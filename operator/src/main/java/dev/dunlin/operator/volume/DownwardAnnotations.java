package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.DownwardApiVolume;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.VolumeProjection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The annotations of an app that its instances need for their downward files. */
public final class DownwardAnnotations {
  private static final String ALL = "metadata.annotations";
  private static final String ONE = "metadata.annotations['";

  /** What kubectl remembers of the app, larger than all else, and not the instance's. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  public static Map<String, String> of(List<Volume> volumes, @Nullable Map<String, String> ofApp) {
    var found = new TreeMap<String, String>();
    if (ofApp == null) return found;
    volumes.stream()
        .flatMap(DownwardAnnotations::downward)
        .flatMap(downward -> downward.items().stream())
        .map(item -> item.fieldRef().fieldPath())
        .forEach(path -> {
          if (path.equals(ALL)) found.putAll(ofApp);
          else if (path.startsWith(ONE) && path.endsWith("']")) {
            String key = path.substring(ONE.length(), path.length() - 2);
            @Nullable String value = ofApp.get(key);
            if (value != null) found.put(key, value);
          }
        });
    found.remove(LAST_APPLIED);
    return found;
  }

  private static Stream<DownwardApiVolume> downward(Volume volume) {
    var projected = volume.projected();
    return projected == null
        ? Stream.ofNullable(volume.downwardAPI())
        : projected.sources().stream().map(VolumeProjection::downwardAPI).filter(Objects::nonNull);
  }

  private DownwardAnnotations() {}
}
