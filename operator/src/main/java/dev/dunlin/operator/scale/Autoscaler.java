package dev.dunlin.operator.scale;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Autoscaling;
import dev.dunlin.api.v1alpha1.AutoscalingMetric;
import dev.dunlin.api.v1alpha1.ScalingBehavior;
import dev.dunlin.api.v1alpha1.ScalingRules;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehaviorBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HorizontalPodAutoscaler of an app. Its metrics are of type Object with an AverageValue: of
 * those that a HorizontalPodAutoscaler knows only that, and External, work without Pods.
 */
public final class Autoscaler {
  private static final String APP_LABEL = Api.APP_LABEL;

  /** What should be. */
  public static HorizontalPodAutoscaler of(WasmApp app, Autoscaling wanted) {
    return new HorizontalPodAutoscalerBuilder()
        .withNewMetadata()
        .withName(app.getMetadata().getName())
        .withNamespace(app.getMetadata().getNamespace())
        .addToLabels(APP_LABEL, app.getMetadata().getName())
        .addToLabels("app.kubernetes.io/managed-by", Api.MANAGED_BY)
        .withOwnerReferences(AppService.owner(app))
        .endMetadata()
        .withNewSpec()
        .withScaleTargetRef(reference(app))
        // 0 is refused before Kubernetes 1.37; the way from 1 to 0 and back is the operator's.
        .withMinReplicas(Math.max(1, wanted.minReplicas()))
        .withMaxReplicas(wanted.maxReplicas())
        .withMetrics(wanted.metrics().stream().map(metric -> metric(app, metric)).toList())
        .withBehavior(behavior(wanted.behavior()))
        .endSpec()
        .build();
  }

  /** Whether {@code found} says what {@code wanted} says, and nothing else. */
  static boolean matches(HorizontalPodAutoscaler found, HorizontalPodAutoscaler wanted) {
    @Nullable Map<String, String> labels = found.getMetadata().getLabels();
    return Objects.equals(found.getSpec(), wanted.getSpec())
        && labels != null
        && labels.entrySet().containsAll(wanted.getMetadata().getLabels().entrySet());
  }

  /** Namespace and name of the WasmApp that it scales, as {@code NAMESPACE/NAME}. */
  public static Optional<String> target(HorizontalPodAutoscaler found) {
    @Nullable CrossVersionObjectReference target =
        found.getSpec() == null ? null : found.getSpec().getScaleTargetRef();
    return target != null
            && "WasmApp".equals(target.getKind())
            && target.getName() != null
            && target.getApiVersion() != null
            && target.getApiVersion().startsWith(Api.GROUP + "/")
        ? Optional.of(found.getMetadata().getNamespace() + "/" + target.getName())
        : Optional.empty();
  }

  /** Whether it is the app that it scales. */
  static boolean scales(HorizontalPodAutoscaler found, WasmApp app) {
    var meta = app.getMetadata();
    return target(found).equals(Optional.of(meta.getNamespace() + "/" + meta.getName()));
  }

  private static CrossVersionObjectReference reference(WasmApp app) {
    return new CrossVersionObjectReferenceBuilder()
        .withApiVersion(app.getApiVersion())
        .withKind(app.getKind())
        .withName(app.getMetadata().getName())
        .build();
  }

  private static MetricSpec metric(WasmApp app, AutoscalingMetric metric) {
    return new MetricSpecBuilder()
        .withType("Object")
        .withNewObject()
        .withDescribedObject(reference(app))
        .withNewMetric()
        .withName(metric.name().name())
        .endMetric()
        .withNewTarget()
        .withType("AverageValue")
        .withAverageValue(metric.averageValue())
        .endTarget()
        .endObject()
        .build();
  }

  private static @Nullable HorizontalPodAutoscalerBehavior behavior(
      @Nullable ScalingBehavior wanted) {
    if (wanted == null || (wanted.scaleUp() == null && wanted.scaleDown() == null)) return null;
    return new HorizontalPodAutoscalerBehaviorBuilder()
        .withScaleUp(rules(wanted.scaleUp(), 0, List.of(policy("Pods", 4), policy("Percent", 100))))
        .withScaleDown(rules(wanted.scaleDown(), null, List.of(policy("Percent", 100))))
        .build();
  }

  /**
   * What the API server puts in as soon as anything is said of a behavior is said here too, so that
   * what somebody takes out, or changes by hand, is seen to differ.
   */
  private static HPAScalingRules rules(
      @Nullable ScalingRules wanted,
      @Nullable Integer usualWindow,
      List<HPAScalingPolicy> usualPolicies) {
    var given = wanted == null ? new ScalingRules(null, null, List.of()) : wanted;
    return new HPAScalingRulesBuilder()
        .withStabilizationWindowSeconds(
            given.stabilizationWindowSeconds() == null
                ? usualWindow
                : given.stabilizationWindowSeconds())
        .withSelectPolicy(given.selectPolicy() == null ? "Max" : given.selectPolicy().name())
        .withPolicies(
            given.policies().isEmpty()
                ? usualPolicies
                : given.policies().stream()
                    .map(it ->
                        new HPAScalingPolicy(it.periodSeconds(), it.type().name(), it.value()))
                    .toList())
        .build();
  }

  private static HPAScalingPolicy policy(String type, int value) {
    return new HPAScalingPolicy(15, type, value);
  }

  private Autoscaler() {}
}
