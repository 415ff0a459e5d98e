package dev.dunlin.engine.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldTest {
  private static final Path FLOOD = Path.of("src/test/resources/guests/flood.wasm");

  @TempDir Path temp;
  private final AtomicLong written = new AtomicLong();

  @SuppressWarnings("NullAway.Init")
  private Engine engine;

  @SuppressWarnings("NullAway.Init")
  private Execution run;

  @BeforeEach
  void aGuestThatWritesForEver() throws IOException {
    engine = JvmEngine.open(temp);
    var sink =
        new OutputStream() {
          @Override
          public void write(int b) {
            written.incrementAndGet();
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            written.addAndGet(length);
          }
        };
    run =
        engine
            .load(Files.readAllBytes(FLOOD))
            .start(
                Grants.none(),
                Limits.defaults(),
                new Stdio(InputStream.nullInputStream(), sink, sink));
    await().until(() -> written.get() > 0);
  }

  @AfterEach
  void close() {
    run.close();
    engine.close();
  }

  @Test
  void aRunThatIsHeldWaitsAndGoesOnAfterwards() {
    assertThat(run.hold(true)).isTrue();
    var last = new AtomicLong(-1);
    await()
        .during(Duration.ofMillis(300))
        .until(() -> last.getAndSet(written.get()) == written.get());

    run.hold(false);

    await().until(() -> written.get() > last.get());
  }

  @Test
  void aRunThatIsHeldCanBeEnded() throws InterruptedException {
    run.hold(true);

    run.cancel();

    assertThat(run.outcome()).isEqualTo(new Outcome.Cancelled());
  }
}
