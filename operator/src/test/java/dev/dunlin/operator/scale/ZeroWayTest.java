package dev.dunlin.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ZeroWayTest {
  private static final OptionalInt ONE = OptionalInt.of(1);

  @Test
  void theLastInstanceGoesWhenItIsIdleAndNoMoreIsAskedFor() {
    assertThat(ZeroWay.replicas(true, 1, ONE, 1, 1)).hasValue(0);
    assertThat(ZeroWay.replicas(true, 1, OptionalInt.empty(), 1, 1)).hasValue(0);
    assertThat(ZeroWay.replicas(true, 1, ONE, 1, 0)).isEmpty();
    assertThat(ZeroWay.replicas(true, 1, OptionalInt.of(3), 1, 1)).isEmpty();
  }

  @Test
  void moreThanOneAreTheAutoscalersMatter() {
    assertThat(ZeroWay.replicas(true, 2, ONE, 2, 2)).isEmpty();
  }

  @Test
  void theNextRequestBringsOneBack() {
    assertThat(ZeroWay.replicas(true, 0, ONE, 1, 0)).hasValue(1);
    assertThat(ZeroWay.replicas(true, 0, ONE, 1, 1)).isEmpty();
  }

  @Test
  void anAppThatMayNotBeWithoutInstancesIsLeftAlone() {
    assertThat(ZeroWay.replicas(false, 1, ONE, 1, 1)).isEmpty();
    assertThat(ZeroWay.replicas(false, 0, ONE, 1, 0)).isEmpty();
  }

  @Test
  void ofInstancesThatAreNotThereNothingIsKnown() {
    assertThat(ZeroWay.replicas(true, 1, ONE, 0, 0)).isEmpty();
    assertThat(ZeroWay.replicas(true, 0, ONE, 0, 0)).isEmpty();
  }
}
