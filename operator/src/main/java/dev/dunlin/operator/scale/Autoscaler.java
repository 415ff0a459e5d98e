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
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehaviorBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import java.util.Objects;
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

  /**
   * Whether {@code found} says all that {@code wanted} says; the API server puts its defaults into
   * what is left out.
   */
  public static boolean matches(HorizontalPodAutoscaler found, HorizontalPodAutoscaler wanted) {
    var has = found.getSpec();
    var is = wanted.getSpec();
    return Objects.equals(has.getScaleTargetRef(), is.getScaleTargetRef())
        && Objects.equals(has.getMinReplicas(), is.getMinReplicas())
        && Objects.equals(has.getMaxReplicas(), is.getMaxReplicas())
        && Objects.equals(has.getMetrics(), is.getMetrics())
        && matches(has.getBehavior(), is.getBehavior())
        && found
            .getMetadata()
            .getLabels()
            .entrySet()
            .containsAll(wanted.getMetadata().getLabels().entrySet());
  }

  /** Whether somebody else's HorizontalPodAutoscaler scales the app. */
  public static boolean scales(HorizontalPodAutoscaler found, WasmApp app) {
    var target = found.getSpec().getScaleTargetRef();
    return target != null
        && Objects.equals(target.getKind(), app.getKind())
        && Objects.equals(target.getName(), app.getMetadata().getName())
        && target.getApiVersion() != null
        && target.getApiVersion().startsWith(Api.GROUP + "/");
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
        .withScaleUp(rules(wanted.scaleUp()))
        .withScaleDown(rules(wanted.scaleDown()))
        .build();
  }

  private static @Nullable HPAScalingRules rules(@Nullable ScalingRules wanted) {
    if (wanted == null) return null;
    var rules =
        new HPAScalingRulesBuilder()
            .withStabilizationWindowSeconds(wanted.stabilizationWindowSeconds())
            .withSelectPolicy(wanted.selectPolicy() == null ? null : wanted.selectPolicy().name());
    for (var policy : wanted.policies())
      rules
          .addNewPolicy()
          .withType(policy.type().name())
          .withValue(policy.value())
          .withPeriodSeconds(policy.periodSeconds())
          .endPolicy();
    return rules.build();
  }

  private static boolean matches(
      @Nullable HorizontalPodAutoscalerBehavior found,
      @Nullable HorizontalPodAutoscalerBehavior wanted) {
    return wanted == null
        || (found != null
            && matches(found.getScaleUp(), wanted.getScaleUp())
            && matches(found.getScaleDown(), wanted.getScaleDown()));
  }

  private static boolean matches(
      @Nullable HPAScalingRules found, @Nullable HPAScalingRules wanted) {
    return wanted == null
        || (found != null
            && same(found.getStabilizationWindowSeconds(), wanted.getStabilizationWindowSeconds())
            && same(found.getSelectPolicy(), wanted.getSelectPolicy())
            && (wanted.getPolicies().isEmpty()
                || found.getPolicies().equals(wanted.getPolicies())));
  }

  private static boolean same(@Nullable Object found, @Nullable Object wanted) {
    return wanted == null || wanted.equals(found);
  }

  private Autoscaler() {}
}
