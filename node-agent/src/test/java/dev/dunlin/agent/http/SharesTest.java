package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void oneAloneHasHalfTwoHaveAThirdEachAndANewcomerAlwaysFindsSome() {
    var shares = new Shares<String>(90);

    assertThat(taken(shares, "a")).isEqualTo(45);
    assertThat(taken(shares, "b")).isEqualTo(23);
    assertThat(taken(shares, "c")).isEqualTo(11);
    for (int i = 0; i < 15; i++) shares.give("a");
    assertThat(taken(shares, "a")).as("a has given back what others need").isZero();
    assertThat(shares.held("a")).isEqualTo(30);
    assertThat(taken(shares, "b") + taken(shares, "c")).isPositive();
  }

  @Test
  void thereAreNoMoreThanThereAre() {
    var shares = new Shares<Integer>(3);

    for (int who = 0; who < 10; who++) assertThat(shares.take(who)).isEqualTo(who < 3);
    shares.give(1);
    assertThat(shares.take(7)).isTrue();
    assertThat(shares.take(8)).isFalse();
    assertThat(shares.held(1)).isZero();
  }

  @Test
  void whereThereIsNothingNobodyHasAnything() {
    assertThat(new Shares<String>(0).take("a")).isFalse();
    assertThat(new Shares<String>(1).take("a")).isTrue();
  }

  private static int taken(Shares<String> shares, String who) {
    int count = 0;
    while (shares.take(who)) {
      count++;
    }
    return count;
  }
}
