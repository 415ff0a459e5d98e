package dev.dunlin.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static ResourceList list(@Nullable String memory, @Nullable String cpu) {
    return new ResourceList(
        memory == null ? null : Quantity.parse(memory), cpu == null ? null : Quantity.parse(cpu));
  }

  @Test
  void anAppThatSaysNothingIsGivenSomeMemoryAndNoPartOfACore() {
    assertThat(Room.requested(null)).isEqualTo(new Room(128L << 20, 0, 1));
  }

  @Test
  void aRequestGoesBeforeALimitAndEachResourceIsReadByItself() {
    var resources = new Resources(list("64Mi", null), list("256Mi", "250m"));

    assertThat(Room.requested(resources)).isEqualTo(new Room(64L << 20, 250, 1));
  }

  @Test
  void partsOfACoreAreThousandths() {
    assertThat(Room.requested(new Resources(list(null, "1.5"), null)).cpuMillis()).isEqualTo(1500);
  }

  @Test
  void moreThanALongHoldsIsTheMostThereIs() {
    assertThat(Room.bytes(Quantity.parse("1e30"))).isEqualTo(Long.MAX_VALUE);
  }
}
