package dev.dunlin.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "100, 100",
    "100.5, 100500m",
    "0.5, 500m",
    "0.25, 250m",
    "0.0042, 4200u",
    "0.0000001, 0",
    "33.333333333, 33333m",
    "0.333333333, 333333u",
    "134217728, 134217728",
    "99.9999, 100",
  })
  void aNumberIsWrittenAsAQuantity(double value, String expected) {
    assertThat(Amount.of(value)).isEqualTo(expected);
    assertThat(Quantity.getAmountInBytes(new Quantity(expected)))
        .as("and read again")
        .isCloseTo(BigDecimal.valueOf(value), within(new BigDecimal("0.001")));
  }
}
