package dev.dunlin.agent.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Stdio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands are held by the engine that agents have where they can. */
class CpuCapsTest {
  private static final int MILLI_CORES = 100;

  /** {@code (func (export "_start") (loop (br 0)))}, with a memory. */
  private static final byte[] LOOP =
      HexFormat.of()
          .parseHex(
              "0061736d01000000" // \0asm, version 1
                  + "01040160"
                  + "0000" // type: () -> ()
                  + "03020100" // a function of it
                  + "0503010001" // a memory of one page
                  + "071302066d656d6f72790200"
                  + "065f73746172740000" // both exported
                  + "0a0901070003400c000b0b"); // loop br 0 end end

  @TempDir Path disk;

  @Test
  @Timeout(60)
  void aLoopThatCallsNothingKeepsToItsLimitAndGoesOn() {
    var throttled = new AtomicReference<>(Duration.ZERO);
    try (var engine = Engines.open(disk, Engines.Choice.AUTO, 1 << 30)) {
      assumeTrue(engine.info().name().equals("native"), "the jvm engine holds at calls of WASI");
      try (var caps = new CpuCaps();
          var module = engine.load(LOOP);
          var run = module.start(Grants.none(), Limits.defaults(), Stdio.none());
          var _ =
              caps.hold(
                  MILLI_CORES, run, more -> throttled.updateAndGet(before -> before.plus(more)))) {
        await().until(() -> throttled.get().compareTo(Duration.ofSeconds(2)) > 0);

        // A tenth of a processor: what it had is little beside the time that it was made to wait.
        assertThat(run.usage().cpu()).isPositive().isLessThan(throttled.get());
        assertThat(run.ended().toCompletableFuture()).isNotDone();
        Duration had = run.usage().cpu();
        await().until(() -> run.usage().cpu().compareTo(had) > 0);
      }
    }
  }
}
