package dev.dunlin.operator.cache;

import dev.dunlin.operator.scale.Autoscaler;
import dev.dunlin.operator.scale.Scalers;
import dev.dunlin.operator.scale.Scaling;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HorizontalPodAutoscalers of the cluster: all of them, since any may scale an app or have its
 * name.
 */
final class Autoscalers {
  private static final String TARGET = "target";

  private final Changes changes;
  private final Watched<HorizontalPodAutoscaler> all;

  Autoscalers(KubernetesClient client, Set<String> namespaces, Changes changes) {
    this.changes = changes;
    all =
        new Watched<>(
            Caches.scopes(client.autoscaling().v2().horizontalPodAutoscalers(), namespaces),
            Map.of(TARGET, scaler -> Autoscaler.target(scaler).stream().toList()),
            Autoscalers::trim,
            this::changed);
  }

  /** Their figures change every few seconds. */
  private static void trim(HorizontalPodAutoscaler scaler) {
    scaler.getMetadata().setAnnotations(null);
    if (scaler.getStatus() != null) scaler.getStatus().setCurrentMetrics(List.of());
  }

  private void changed(
      @Nullable HorizontalPodAutoscaler before, @Nullable HorizontalPodAutoscaler after) {
    if (!Scaling.differ(before, after)) return;
    changes.named(before, after);
    Stream.of(before, after)
        .flatMap(Stream::ofNullable)
        .flatMap(scaler -> Autoscaler.target(scaler).stream())
        .distinct()
        .map(target -> target.split("/", 2))
        .forEach(target -> changes.app(target[0], target[1]));
  }

  Watched<HorizontalPodAutoscaler> watched() {
    return all;
  }

  /** Those that have to do with an app. */
  Scalers of(String namespace, String name, Optional<String> notOffered) {
    return new Scalers(
        all.get(namespace, name), all.by(TARGET, namespace + "/" + name).toList(), notOffered);
  }
}
