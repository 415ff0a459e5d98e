package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WantedTest {
  private static Wanted of(String yaml) {
    return Wanted.of(
        Serialization.unmarshal("---\n" + yaml, WasmAppSpec.class), false, true, false);
  }

  @ParameterizedTest
  @CsvSource({"1,1,0", "2,1,0", "3,1,0", "4,1,1", "5,2,1", "10,3,2", "100,25,25", "0,0,0"})
  void aQuarterMoreAndAQuarterLessWhereNothingIsSaid(int replicas, int surge, int unavailable) {
    var wanted = of("{image: a, replicas: %d}".formatted(replicas));

    assertThat(wanted.surge()).isEqualTo(surge);
    assertThat(wanted.unavailable()).isEqualTo(unavailable);
  }

  @Test
  void surgeIsRoundedUpAndUnavailableDown() {
    var wanted =
        of(
            "{image: a, replicas: 7, strategy: {rollingUpdate: {maxSurge: 10%, maxUnavailable: 20%}}}");

    assertThat(wanted.surge()).isEqualTo(1);
    assertThat(wanted.unavailable()).isEqualTo(1);
  }

  @Test
  void bothAreNeverZero() {
    var wanted =
        of(
            "{image: a, replicas: 3, strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 10%}}}");

    assertThat(wanted.surge()).isZero();
    assertThat(wanted.unavailable()).isEqualTo(1);
  }

  @Test
  void noMoreAreUnavailableThanThereAre() {
    var wanted = of("{image: a, replicas: 3, strategy: {rollingUpdate: {maxUnavailable: 10}}}");

    assertThat(wanted.minAvailable()).isZero();
  }

  @Test
  void recreateMayTakeAllAway() {
    var wanted = of("{image: a, replicas: 3, strategy: {type: Recreate}}");

    assertThat(wanted.recreate()).isTrue();
    assertThat(wanted.minAvailable()).isZero();
  }

  @Test
  void drainsMayTakeAwayWhatIsSaidRoundedUp() {
    assertThat(of("{image: a, replicas: 5, disruption: {maxUnavailable: 30%}}").drained())
        .isEqualTo(2);
    assertThat(of("{image: a, replicas: 5}").drained()).isZero();
  }
}
