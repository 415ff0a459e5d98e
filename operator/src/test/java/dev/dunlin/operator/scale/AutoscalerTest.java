package dev.dunlin.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AutoscalerTest {
  private final WasmApp app =
      Serialization.unmarshal(
          """
          apiVersion: dunlin.dev/v1alpha1
          kind: WasmApp
          metadata: {name: shop, namespace: ns, uid: u1}
          spec:
            image: registry.example/shop:1
            autoscaling:
              minReplicas: 0
              maxReplicas: 20
              metrics: [{name: requests_per_second, averageValue: 100}]
              behavior:
                scaleDown: {stabilizationWindowSeconds: 30}
          """,
          WasmApp.class);

  @Test
  void asksForTheAppsOwnMetricPerInstance() {
    assertThat(Serialization.unmarshal(Serialization.asYaml(wanted()), JsonNode.class))
        .isEqualTo(
            Serialization.unmarshal(
                """
                ---
                apiVersion: "autoscaling/v2"
                kind: "HorizontalPodAutoscaler"
                metadata:
                  labels:
                    app.kubernetes.io/managed-by: "dunlin-operator"
                    dunlin.dev/app: "shop"
                  name: "shop"
                  namespace: "ns"
                  ownerReferences:
                  - apiVersion: "dunlin.dev/v1alpha1"
                    blockOwnerDeletion: true
                    controller: true
                    kind: "WasmApp"
                    name: "shop"
                    uid: "u1"
                spec:
                  behavior:
                    scaleDown:
                      stabilizationWindowSeconds: 30
                  maxReplicas: 20
                  metrics:
                  - object:
                      describedObject:
                        apiVersion: "dunlin.dev/v1alpha1"
                        kind: "WasmApp"
                        name: "shop"
                      metric:
                        name: "requests_per_second"
                      target:
                        averageValue: "100"
                        type: "AverageValue"
                    type: "Object"
                  minReplicas: 1
                  scaleTargetRef:
                    apiVersion: "dunlin.dev/v1alpha1"
                    kind: "WasmApp"
                    name: "shop"
                """,
                JsonNode.class));
  }

  @Test
  void whatTheApiServerPutsInIsNoDifference() {
    var found =
        new HorizontalPodAutoscalerBuilder(wanted())
            .editSpec()
            .editBehavior()
            .withNewScaleUp()
            .withSelectPolicy("Max")
            .endScaleUp()
            .editScaleDown()
            .withSelectPolicy("Max")
            .addNewPolicy()
            .withType("Percent")
            .withValue(100)
            .withPeriodSeconds(15)
            .endPolicy()
            .endScaleDown()
            .endBehavior()
            .endSpec()
            .build();

    assertThat(Autoscaler.matches(found, wanted())).isTrue();
    found.getSpec().setMaxReplicas(19);
    assertThat(Autoscaler.matches(found, wanted())).isFalse();
  }

  @Test
  void oneMadeByHandIsKnownByWhatItScales() {
    assertThat(Autoscaler.scales(wanted(), app)).isTrue();
    var other = wanted();
    other.getSpec().getScaleTargetRef().setKind("Deployment");
    assertThat(Autoscaler.scales(other, app)).isFalse();
  }

  private HorizontalPodAutoscaler wanted() {
    return Autoscaler.of(app, Objects.requireNonNull(app.getSpec().autoscaling()));
  }
}
