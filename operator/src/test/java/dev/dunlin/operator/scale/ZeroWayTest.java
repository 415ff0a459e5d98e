package dev.dunlin.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ZeroWayTest {
  private static final OptionalInt ONE = OptionalInt.of(1);

  private static WasmAppSpec app(int replicas, int minReplicas) {
    return spec(
        "replicas: %d\nautoscaling: {minReplicas: %d, maxReplicas: 3, metrics: [{name: cpu_cores, averageValue: 1}]}"
            .formatted(replicas, minReplicas));
  }

  private static WasmAppSpec spec(String fields) {
    return Serialization.unmarshal("image: i\n" + fields, WasmAppSpec.class);
  }

  private static Activity activity(int ready, int idle, int serving) {
    return new Activity(ready, idle, serving);
  }

  @Test
  void theLastInstanceGoesWhenItIsIdleAndNoMoreIsAskedFor() {
    assertThat(ZeroWay.replicas(app(1, 0), ONE, activity(1, 1, 0))).hasValue(0);
    assertThat(ZeroWay.replicas(app(1, 0), OptionalInt.empty(), activity(1, 1, 0))).hasValue(0);
    assertThat(ZeroWay.replicas(app(1, 0), ONE, activity(1, 0, 1))).isEmpty();
    assertThat(ZeroWay.replicas(app(1, 0), OptionalInt.of(3), activity(1, 1, 0))).isEmpty();
  }

  @Test
  void inARollOutAllInstancesHaveToBeIdle() {
    assertThat(ZeroWay.replicas(app(1, 0), ONE, activity(2, 1, 0))).isEmpty();
    assertThat(ZeroWay.replicas(app(1, 0), ONE, activity(2, 2, 0))).hasValue(0);
  }

  @Test
  void moreThanOneAreTheAutoscalersMatter() {
    assertThat(ZeroWay.replicas(app(2, 0), ONE, activity(2, 2, 0))).isEmpty();
  }

  @Test
  void theNextRequestBringsOneBack() {
    assertThat(ZeroWay.replicas(app(0, 0), ONE, activity(1, 0, 1))).hasValue(1);
    assertThat(ZeroWay.replicas(app(0, 0), ONE, activity(1, 1, 0))).isEmpty();
  }

  @Test
  void aStandbyThatNobodyHasAskedYetIsNoRequest() {
    assertThat(ZeroWay.replicas(app(0, 0), ONE, activity(1, 0, 0))).isEmpty();
    assertThat(ZeroWay.replicas(app(1, 0), ONE, activity(1, 0, 0))).isEmpty();
  }

  @Test
  void anAppThatMayNotBeWithoutInstancesIsLeftAlone() {
    assertThat(ZeroWay.replicas(app(1, 1), ONE, activity(1, 1, 0))).isEmpty();
    assertThat(ZeroWay.replicas(app(0, 1), ONE, activity(1, 0, 1))).isEmpty();
    assertThat(ZeroWay.instances(app(0, 1))).isZero();
    assertThat(ZeroWay.instances(spec("replicas: 0"))).isZero();
  }

  @Test
  void ofInstancesThatAreNotThereNothingIsKnown() {
    assertThat(ZeroWay.replicas(app(1, 0), ONE, activity(0, 0, 0))).isEmpty();
    assertThat(ZeroWay.replicas(app(0, 0), ONE, activity(0, 0, 0))).isEmpty();
  }

  @Test
  void atZeroOneStandsBy() {
    assertThat(ZeroWay.instances(app(0, 0))).isEqualTo(1);
    assertThat(ZeroWay.isAtZero(app(0, 0))).isTrue();
    assertThat(ZeroWay.instances(app(2, 0))).isEqualTo(2);
    assertThat(ZeroWay.isAtZero(app(1, 0))).isFalse();
  }
}
