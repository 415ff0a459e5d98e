package dev.dunlin.operator.scale;

import dev.dunlin.api.v1alpha1.Autoscaling;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pass does about an app's autoscaling. Pure.
 *
 * @param write the HorizontalPodAutoscaler to be made or changed; null where it is right as it is,
 *     or none is wanted
 * @param over what it is to be made of; null where there is none yet
 * @param drop the one that is ours and not wanted any more
 * @param replicas what the app's {@code replicas} are to be written as; empty: as they are
 * @param condition how it is; empty where nothing is asked for
 */
public record Scaling(
    @Nullable HorizontalPodAutoscaler write,
    @Nullable HorizontalPodAutoscaler over,
    List<HasMetadata> drop,
    OptionalInt replicas,
    Optional<Condition> condition) {
  /** Type of the app's condition. */
  public static final String AUTOSCALING = "Autoscaling";

  public static final Scaling NONE =
      new Scaling(null, null, List.of(), OptionalInt.empty(), Optional.empty());

  /** How a HorizontalPodAutoscaler says whether it can work. */
  private static final String ACTIVE = "ScalingActive";

  /** Begins all its reasons for having no figures; others say that it is at rest. */
  private static final String NO_FIGURES = "FailedGet";

  public Scaling {
    drop = List.copyOf(drop);
  }

  /** Decides it. */
  public static Scaling of(WasmApp app, Scalers found, Activity activity) {
    @Nullable Autoscaling wanted = app.getSpec().autoscaling();
    var own = found.own(app);
    if (wanted == null)
      return new Scaling(
          null,
          null,
          own.<HasMetadata>map(it -> it).stream().toList(),
          OptionalInt.empty(),
          Optional.empty());
    var scaler = Autoscaler.of(app, wanted);
    var foreign = found.foreign(app);
    boolean right = own.filter(it -> Autoscaler.matches(it, scaler)).isPresent();
    boolean inTheWay = own.isEmpty() && foreign.isPresent();
    own.ifPresent(it -> scaler.getMetadata().setUid(it.getMetadata().getUid()));
    return new Scaling(
        right || inTheWay ? null : scaler,
        own.orElse(null),
        List.of(),
        ZeroWay.replicas(app.getSpec(), found.asked(), activity),
        Optional.of(
            foreign
                .map(it -> taken(app, it))
                .or(() -> own.flatMap(it -> blind(it, found.notOffered())))
                .orElseGet(() -> ready(app, wanted))));
  }

  private static Condition ready(WasmApp app, Autoscaling wanted) {
    return condition(
        Condition.TRUE,
        Reasons.AUTOSCALER_READY,
        "HorizontalPodAutoscaler %s scales the app, from %d to %d instances."
            .formatted(app.getMetadata().getName(), wanted.minReplicas(), wanted.maxReplicas()));
  }

  private static Condition taken(WasmApp app, HorizontalPodAutoscaler foreign) {
    String name = foreign.getMetadata().getName();
    boolean scales = Autoscaler.scales(foreign, app);
    return condition(
        Condition.FALSE,
        Reasons.AUTOSCALER_TAKEN,
        scales
            ? "HorizontalPodAutoscaler %s scales this app and was not made by spec.autoscaling. Delete it, or take spec.autoscaling out."
                .formatted(name)
            : "A HorizontalPodAutoscaler named %s exists in namespace %s and was not made for this app. Delete it, or give the app another name."
                .formatted(name, app.getMetadata().getNamespace()));
  }

  /** It gets no figures to scale by; it may have them from others than this operator. */
  private static Optional<Condition> blind(
      HorizontalPodAutoscaler own, Optional<String> notOffered) {
    return active(own)
        .filter(it ->
            Condition.FALSE.equals(it.getStatus())
                && String.valueOf(it.getReason()).startsWith(NO_FIGURES))
        .map(it ->
            condition(
                Condition.FALSE,
                Reasons.METRICS_NOT_OFFERED,
                "The HorizontalPodAutoscaler gets no metrics, and the app stays as it is: %s.%s"
                    .formatted(
                        it.getMessage(),
                        notOffered
                            .map(why -> " The operator offers none: " + why + ".")
                            .orElse(""))));
  }

  private static Optional<HorizontalPodAutoscalerCondition> active(HorizontalPodAutoscaler scaler) {
    return scaler.getStatus() == null || scaler.getStatus().getConditions() == null
        ? Optional.empty()
        : scaler.getStatus().getConditions().stream()
            .filter(it -> ACTIVE.equals(it.getType()))
            .findFirst();
  }

  /** Whether a change of one says anything that a pass looks at; its figures it does not. */
  public static boolean differ(
      @Nullable HorizontalPodAutoscaler before, @Nullable HorizontalPodAutoscaler after) {
    return before == null || after == null || !word(before).equals(word(after));
  }

  private static List<Object> word(HorizontalPodAutoscaler scaler) {
    var meta = scaler.getMetadata();
    return Stream.<@Nullable Object>of(
            scaler.getSpec(),
            meta.getLabels(),
            meta.getOwnerReferences(),
            scaler.getStatus() == null ? null : scaler.getStatus().getDesiredReplicas(),
            active(scaler).map(it -> it.getStatus() + it.getReason()))
        .map(Optional::ofNullable)
        .map(Object.class::cast)
        .toList();
  }

  private static Condition condition(String status, String reason, String message) {
    return new Condition(AUTOSCALING, status, reason, message, null, null);
  }
}
