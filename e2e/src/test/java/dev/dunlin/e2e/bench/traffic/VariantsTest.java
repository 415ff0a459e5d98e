package dev.dunlin.e2e.bench.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.testing.InMemoryRegistry;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class VariantsTest {
  /** The empty module: magic and version. */
  private static final byte[] EMPTY = HexFormat.of().parseHex("0061736d01000000");

  @Test
  void eachNumberIsAnImageOfItsOwnAndTheSameNumberTheSame() {
    try (var registry = InMemoryRegistry.start()) {
      var variants = new Variants(registry, "bench/empty", EMPTY);

      assertThat(variants.image(1)).isNotEqualTo(variants.image(2)).isEqualTo(variants.image(1));
    }
  }

  @Test
  void whatIsAddedIsACustomSection() {
    // Id 0, 10 bytes, a name of one byte.
    assertThat(Variants.variant(EMPTY, 7))
        .isEqualTo(
            HexFormat.of().parseHex("0061736d01000000" + "000a" + "0176" + "3030303030303037"));
  }
}
