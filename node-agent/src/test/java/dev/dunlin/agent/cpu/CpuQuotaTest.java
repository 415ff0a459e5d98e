package dev.dunlin.agent.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CpuQuotaTest {
  /** A quarter of a processor: 25 ms in each 100 ms. */
  private final CpuQuota quarter = new CpuQuota(250, 0);

  @Test
  void withinTheQuotaNobodyWaits() {
    quarter.used(millis(24), millis(50));

    assertThat(quarter.waitNanos(millis(50))).isZero();
  }

  @Test
  void whoHasUsedTheQuotaWaitsForTheNextPeriod() {
    quarter.used(millis(25), millis(30));

    assertThat(quarter.waitNanos(millis(30))).isEqualTo(millis(70));
    assertThat(quarter.waitNanos(millis(100))).isZero();
  }

  @Test
  void whatWasUsedBeyondTheQuotaIsPaidBackFirst() {
    quarter.used(millis(80), millis(50)); // 55 over: three periods' worth

    assertThat(quarter.waitNanos(millis(50))).isEqualTo(millis(250));
    assertThat(quarter.waitNanos(millis(299))).isEqualTo(millis(1));
    assertThat(quarter.waitNanos(millis(300))).isZero();
  }

  @Test
  void whatIsNotUsedIsNotSavedUp() {
    quarter.used(millis(25), millis(60_000));

    assertThat(quarter.waitNanos(millis(60_000))).isPositive();
  }

  @Test
  void aTotalIsChargedOnceHoweverOftenItIsTold() {
    quarter.used(millis(20), millis(10));
    quarter.used(millis(20), millis(20));
    quarter.used(millis(15), millis(20)); // read before, told after

    assertThat(quarter.waitNanos(millis(20))).isZero();
  }

  @Test
  void ofACrowdAsManyBeginInAPeriodAsTheQuotaIsExpectedToBear() {
    quarter.begin(millis(10), millis(1));
    quarter.begin(millis(10), millis(1));
    assertThat(quarter.waitNanos(millis(1))).isZero();
    quarter.begin(millis(10), millis(1));
    assertThat(quarter.waitNanos(millis(1))).isEqualTo(millis(99));

    quarter.used(millis(6), millis(2)); // what is charged is not planned any more
    assertThat(quarter.waitNanos(millis(2))).isPositive();

    assertThat(quarter.waitNanos(millis(100))).isZero(); // they wait for something: others may
  }

  @Test
  void overManyPeriodsTheShareIsTheLimit() {
    long used = 0;
    for (long now = 0; now < 10_000; now++) {
      if (quarter.waitNanos(millis(now)) == 0) {
        used += 7; // overdraws now and then
        quarter.used(millis(used), millis(now));
      }
    }

    assertThat(used).isBetween(2_450L, 2_550L);
  }

  @Test
  void aLimitOfNothingIsRefused() {
    assertThatThrownBy(() -> new CpuQuota(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
