package dev.dunlin.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuestMemoryTest {
  private static final long GIB = 1L << 30;

  @Test
  void onTheHeapHalfOfItIsOfferedAndAQuarterStaysTheAgents() {
    assertThat(GuestMemory.onHeap(4 * GIB)).isEqualTo(new GuestMemory(2 * GIB, 3 * GIB));
  }

  @Test
  void besideTheHeapTheSameIsOfWhatTheHeapLeaves() {
    assertThat(GuestMemory.besideHeap(4 * GIB, 20 * GIB))
        .isEqualTo(new GuestMemory(8 * GIB, 12 * GIB));
  }

  @Test
  void aHeapAsLargeAsTheMachineLeavesAQuarterAllTheSame() {
    assertThat(GuestMemory.besideHeap(16 * GIB, 16 * GIB))
        .isEqualTo(new GuestMemory(2 * GIB, 3 * GIB));
  }

  @Test
  void whatIsOfferedByHandCanBeHad() {
    assertThat(GuestMemory.onHeap(4 * GIB).offering(10 * GIB))
        .isEqualTo(new GuestMemory(10 * GIB, 10 * GIB));
    assertThat(GuestMemory.onHeap(4 * GIB).offering(GIB)).isEqualTo(new GuestMemory(GIB, 3 * GIB));
  }

  @Test
  void thisMachineHasSome() {
    assertThat(GuestMemory.of("native").offeredBytes()).isPositive();
    assertThat(GuestMemory.of("jvm").mostBytes()).isLessThan(Runtime.getRuntime().maxMemory());
  }
}
