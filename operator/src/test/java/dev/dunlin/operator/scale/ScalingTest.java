package dev.dunlin.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What GoldenPlanTest does not show. */
class ScalingTest {
  private static final Activity NOTHING = new Activity(0, 0, 0);

  private final WasmApp app =
      Serialization.unmarshal(
          """
          apiVersion: dunlin.dev/v1alpha1
          kind: WasmApp
          metadata: {name: shop, namespace: ns, uid: u1}
          spec:
            image: registry.example/shop:1
            autoscaling: {maxReplicas: 3, metrics: [{name: cpu_cores, averageValue: 500m}]}
          """,
          WasmApp.class);

  private HorizontalPodAutoscaler own() {
    return Autoscaler.of(app, Objects.requireNonNull(app.getSpec().autoscaling()));
  }

  private HorizontalPodAutoscaler active(String status, String reason, int desired) {
    return new HorizontalPodAutoscalerBuilder(own())
        .withNewStatus()
        .withDesiredReplicas(desired)
        .addNewCondition()
        .withType("ScalingActive")
        .withStatus(status)
        .withReason(reason)
        .withMessage("no such metric")
        .endCondition()
        .endStatus()
        .build();
  }

  private HorizontalPodAutoscaler byHand() {
    var other = own();
    other.getMetadata().setName("by-hand");
    other.getMetadata().setOwnerReferences(List.of());
    return other;
  }

  private Condition condition(Scalers found) {
    return Scaling.of(app, found, NOTHING).condition().orElseThrow();
  }

  @Test
  void anAutoscalerWithoutMetricsSaysWhoDoesNotOfferThem() {
    var blind = active("False", "FailedGetObjectMetric", 1);

    assertThat(condition(new Scalers(blind, List.of(blind), Optional.of("it is off"))).message())
        .isEqualTo(
            "The HorizontalPodAutoscaler gets no metrics, and the app stays as it is: no such metric. The operator offers none: it is off.");
  }

  @Test
  void metricsOfAnotherAdapterDoAsWell() {
    var seeing = active("True", "ValidMetricFound", 1);

    assertThat(condition(new Scalers(seeing, List.of(seeing), Optional.of("it is off"))).status())
        .isEqualTo(Condition.TRUE);
  }

  @Test
  void oneThatWasThereBeforeTheOtherIsKeptAndKeptInLine() {
    var own = own();
    own.getSpec().setMaxReplicas(9);

    var scaling =
        Scaling.of(app, new Scalers(own, List.of(own, byHand()), Optional.empty()), NOTHING);

    assertThat(Objects.requireNonNull(scaling.write()).getSpec()).isEqualTo(own().getSpec());
    assertThat(scaling.condition().orElseThrow().reason()).isEqualTo("AutoscalerNameTaken");
  }

  @Test
  void aChangeOfItsFiguresIsNoNews() {
    var before = active("True", "ValidMetricFound", 1);
    var after = active("True", "ValidMetricFound", 1);
    after.getStatus().setCurrentReplicas(7);
    after.getMetadata().setResourceVersion("2");

    assertThat(Scaling.differ(before, after)).isFalse();
    assertThat(Scaling.differ(before, active("True", "ValidMetricFound", 2))).isTrue();
    assertThat(Scaling.differ(before, active("False", "ScalingDisabled", 1))).isTrue();
    assertThat(Scaling.differ(before, null)).isTrue();
    after.getSpec().setMaxReplicas(4);
    assertThat(Scaling.differ(before, after)).isTrue();
  }
}
