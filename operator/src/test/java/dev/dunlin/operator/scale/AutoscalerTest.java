package dev.dunlin.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
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
                      policies:
                      - {periodSeconds: 15, type: "Percent", value: 100}
                      selectPolicy: "Max"
                      stabilizationWindowSeconds: 30
                    scaleUp:
                      policies:
                      - {periodSeconds: 15, type: "Pods", value: 4}
                      - {periodSeconds: 15, type: "Percent", value: 100}
                      selectPolicy: "Max"
                      stabilizationWindowSeconds: 0
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
  void whatSomebodyChangesOrTakesOutIsADifference() {
    assertThat(Autoscaler.matches(wanted(), wanted())).isTrue();

    var other = wanted();
    other.getSpec().setMaxReplicas(19);
    assertThat(Autoscaler.matches(other, wanted())).isFalse();

    var calmer = wanted();
    calmer.getSpec().getBehavior().getScaleUp().setSelectPolicy("Disabled");
    assertThat(Autoscaler.matches(calmer, wanted())).isFalse();

    var bare = wanted();
    bare.getMetadata().setLabels(null);
    assertThat(Autoscaler.matches(bare, wanted())).isFalse();
  }

  @Test
  void oneMadeByHandIsKnownByWhatItScales() {
    assertThat(Autoscaler.scales(wanted(), app)).isTrue();
    var other = wanted();
    other.getSpec().getScaleTargetRef().setKind("Deployment");
    assertThat(Autoscaler.scales(other, app)).isFalse();
    var elsewhere = wanted();
    elsewhere.getMetadata().setNamespace("elsewhere");
    assertThat(Autoscaler.scales(elsewhere, app)).isFalse();
  }

  private HorizontalPodAutoscaler wanted() {
    return Autoscaler.of(app, Objects.requireNonNull(app.getSpec().autoscaling()));
  }
}
