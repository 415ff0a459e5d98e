package dev.dunlin.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuestMemoryTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  @Test
  void onTheHeapHalfOfItIsOfferedAndAQuarterStaysTheAgents() {
    assertThat(GuestMemory.onHeap(4 * GIB)).isEqualTo(new GuestMemory(2 * GIB, 3 * GIB));
  }

  @Test
  void besideTheHeapGuestsHaveWhatHeapAndProcessLeaveOfTheContainer() {
    assertThat(GuestMemory.besideHeap(GIB / 2, 2 * GIB).mostBytes())
        .isEqualTo(2 * GIB - GIB / 2 - GIB / 4);
    assertThat(GuestMemory.besideHeap(4 * GIB, 20 * GIB))
        .isEqualTo(new GuestMemory(10 * GIB, 15 * GIB));
  }

  @Test
  void aSmallContainerLeavesTheProcessWhatItCannotDoWithout() {
    assertThat(GuestMemory.processBytes(512 * MIB)).isEqualTo(192 * MIB);
    assertThat(GuestMemory.besideHeap(128 * MIB, 512 * MIB))
        .isEqualTo(new GuestMemory(128 * MIB, 192 * MIB));
  }

  @Test
  void aLargeOneKeepsAGibibyteForTheProcessAndNoMore() {
    assertThat(GuestMemory.processBytes(64 * GIB)).isEqualTo(GIB);
  }

  @Test
  void aHeapAsLargeAsTheMachineLeavesAQuarterAllTheSame() {
    assertThat(GuestMemory.besideHeap(12 * GIB, 12 * GIB))
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
