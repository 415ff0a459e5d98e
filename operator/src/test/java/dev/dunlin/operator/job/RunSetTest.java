package dev.dunlin.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunSetTest {
  @Test
  void writesIntervalsAndReadsThemBack() {
    var runs = RunSet.parse("");
    for (int number : new int[] {8, 0, 2, 1, 5, 7}) runs.add(number);

    assertThat(runs).hasToString("0-2,5,7-8");
    assertThat(RunSet.parse("0-2,5,7-8")).hasToString("0-2,5,7-8");
    assertThat(RunSet.parse("0-2,5,7-8").size()).isEqualTo(6);
    assertThat(RunSet.parse("0-2,5,7-8").end()).isEqualTo(9);
  }

  @Test
  void nothingIsTheEmptySet() {
    assertThat(RunSet.parse(null).size()).isZero();
    assertThat(RunSet.parse("").end()).isZero();
    assertThat(RunSet.parse(null)).hasToString("");
  }
}
