package dev.dunlin.e2e.mock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TablesTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s", "PT119S, 119s", "PT2M, 2m", "PT2M3S, 2m3s", "PT9M59S, 9m59s", "PT10M5S, 10m",
    "PT179M, 179m", "PT3H, 3h", "PT3H5M, 3h5m", "PT8H5M, 8h", "PT47H, 47h", "P2D, 2d",
    "P2DT3H, 2d3h", "P9DT3H, 9d", "PT-5S, 0s"
  })
  void agesReadAsKubectlWritesThem(Duration age, String text) {
    assertThat(Tables.age(age)).isEqualTo(text);
  }
}
