package dev.dunlin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import org.junit.jupiter.api.Test;

class PacedOutputTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long now = Long.MAX_VALUE - SECOND; // nanoTime may begin anywhere, and wrap

  private PacedOutput paced(long bytesPerSecond, long burstBytes) {
    return new PacedOutput(written, pace(bytesPerSecond, burstBytes));
  }

  private Pace pace(long bytesPerSecond, long burstBytes) {
    return new Pace(bytesPerSecond, burstBytes, () -> now, nanos -> now += nanos);
  }

  private long nanosFor(PacedOutput paced, int bytes) throws Exception {
    long before = now;
    paced.write(new byte[bytes]);
    return now - before;
  }

  @Test
  void theBurstIsWrittenAtOnce() throws Exception {
    assertThat(nanosFor(paced(10, 100), 100)).isZero();
    assertThat(written.size()).isEqualTo(100);
  }

  @Test
  void whatExceedsTheBurstTakesItsTime() throws Exception {
    var paced = paced(10, 100);

    assertThat(nanosFor(paced, 150)).isEqualTo(5 * SECOND);
    assertThat(nanosFor(paced, 10)).isEqualTo(SECOND);
    assertThat(nanosFor(paced, 1)).isEqualTo(SECOND / 10);
    assertThat(written.size()).isEqualTo(161);
  }

  @Test
  void theBurstComesBackWithTime() throws Exception {
    var paced = paced(10, 100);
    paced.write(new byte[100]);
    now += 4 * SECOND;

    assertThat(nanosFor(paced, 40)).isZero();
    assertThat(nanosFor(paced, 10)).isEqualTo(SECOND);

    now += 1_000 * SECOND;
    assertThat(nanosFor(paced, 100)).isZero();
    assertThat(nanosFor(paced, 10)).isEqualTo(SECOND);
  }

  @Test
  void aWriteMayBeFarLargerThanTheBurst() throws Exception {
    assertThat(nanosFor(paced(1_000, 1), 10_001)).isEqualTo(10 * SECOND);
    assertThat(written.size()).isEqualTo(10_001);
  }

  @Test
  void outputsThatShareAPaceAreHeldBackTogether() throws Exception {
    var pace = pace(10, 100);
    var one = new PacedOutput(written, pace);
    var other = new PacedOutput(written, pace);

    assertThat(nanosFor(one, 100)).isZero();
    assertThat(nanosFor(other, 10)).isEqualTo(SECOND);
    assertThat(nanosFor(one, 20)).isEqualTo(2 * SECOND);
  }

  @Test
  void aWriterThatIsHeldBackCanBeInterrupted() throws Exception {
    var paced = new PacedOutput(written, new Pace(1, 10));
    paced.write(new byte[10]);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> paced.write(1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(written.size()).isEqualTo(10);
  }

  @Test
  void whatIsNoRateIsRefused() {
    assertThatThrownBy(() -> new Pace(0, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0 and 10");
  }
}
