package dev.dunlin.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;

class MemoryTest {
  @Test
  void quantitiesAreBytes() {
    assertThat(Memory.bytes(Quantity.parse("64Mi"))).isEqualTo(64L << 20);
    assertThat(Memory.bytes(Quantity.parse("1500m"))).isEqualTo(1);
  }

  @Test
  void moreThanALongHoldsIsTheMostThatItHolds() {
    assertThat(Memory.bytes(Quantity.parse("10E"))).isEqualTo(Long.MAX_VALUE);
    assertThat(Memory.bytes(Quantity.parse("1e30"))).isEqualTo(Long.MAX_VALUE);
  }
}
