package dev.dunlin.operator.scale;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HorizontalPodAutoscalers that have to do with an app.
 *
 * @param named the one of the app's name, whoever made it and whatever it scales
 * @param scaling all that scale the app
 * @param notOffered why the operator offers no metrics to them; empty where it does
 */
public record Scalers(
    @Nullable HorizontalPodAutoscaler named,
    List<HorizontalPodAutoscaler> scaling,
    Optional<String> notOffered) {
  public static final Scalers NONE = new Scalers(null, List.of(), Optional.empty());

  public Scalers {
    scaling = List.copyOf(scaling);
  }

  /** The one that was made for the app. */
  Optional<HorizontalPodAutoscaler> own(WasmApp app) {
    return Optional.ofNullable(named).filter(it -> AppService.isOurs(it, app));
  }

  /** One that was not, and is in the way. */
  Optional<HorizontalPodAutoscaler> foreign(WasmApp app) {
    return Stream.concat(Stream.ofNullable(named), scaling.stream())
        .filter(it -> !AppService.isOurs(it, app))
        .findFirst();
  }

  /** How many instances they ask for, by their last word; empty: none has spoken. */
  OptionalInt asked() {
    return scaling.stream()
        .filter(it -> it.getStatus() != null && it.getStatus().getDesiredReplicas() != null)
        .mapToInt(it -> it.getStatus().getDesiredReplicas())
        .max();
  }
}
