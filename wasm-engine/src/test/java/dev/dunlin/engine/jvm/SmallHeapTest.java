package dev.dunlin.engine.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Outcome.OutOfMemory;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.contract.EngineContract;
import dev.dunlin.engine.contract.HostileModule;
import dev.dunlin.engine.jvm.memory.GuestHeap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guests whose limits add up to more than the heap of the process that runs them. */
@Timeout(120)
class SmallHeapTest extends EngineContract {
  private static final long LIMIT = 30 << 20;
  private final GuestHeap heap = new GuestHeap(40 << 20);

  @Override
  protected dev.dunlin.engine.Engine open(Path cacheDir) {
    return JvmEngine.open(cacheDir, new JvmEngineOptions(1 << 20, 1_000, 4 << 20, heap));
  }

  @Test
  void aGuestThatFillsTheHeapIsOutOfMemoryAndSaysWhose() throws Exception {
    var ran = shared("grow-memory").run(Grants.none(), Limits.defaults(), Stdio.none());

    assertThat(ran).isEqualTo(new OutOfMemory(Limits.DEFAULT_MEMORY_BYTES, true));
    assertThat(heap.takenBytes()).isZero();
    assertThat(tool("exit", "7").outcome()).isEqualTo(new Exited(7));
  }

  @Test
  void aGuestThatFindsNoHeapAtItsStartIsOutOfMemory() throws Exception {
    var ran =
        shared("big-memory")
            .run(Grants.none(), Limits.defaults().withMemoryBytes(1L << 32), Stdio.none());

    assertThat(ran).isEqualTo(new OutOfMemory(1L << 32, true));
    assertThat(heap.takenBytes()).isZero();
  }

  @Test
  void tablesTakeOfTheSameHeap() throws Exception {
    var ran =
        shared("grow-table")
            .run(Grants.none(), Limits.defaults().withMemoryBytes(1L << 32), Stdio.none());

    assertThat(ran).isEqualTo(new OutOfMemory(1L << 32, true));
    assertThat(heap.takenBytes()).isZero();
  }

  @Test
  void aProcessOfSmallHeapOutlivesManyMemoryBombs() throws Exception {
    var printed = runJava("-Xmx48m", Bombs.class);

    assertThat(printed.lines().filter(line -> line.startsWith("ended ")))
        .as(printed)
        .hasSize(Bombs.ROUNDS * Bombs.AT_ONCE)
        .allMatch(line -> line.contains("OutOfMemory[limitBytes=" + LIMIT));
    assertThat(printed).contains("and still Exited[code=0]");
  }

  @Test
  void aProcessOfHalfAGibibyteOutlivesHostileModules() throws Exception {
    var printed = runJava("-Xmx512m", HostileLoads.class);

    assertThat(printed).contains("and still Exited[code=0]");
  }

  private static String runJava(String heap, Class<?> main) throws IOException {
    var java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName())
            .redirectErrorStream(true)
            .start();
    return new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Loads them all. */
  static final class HostileLoads {
    private HostileLoads() {}

    public static void main(String[] args) throws Exception {
      try (var engine = JvmEngine.open(Files.createTempDirectory("hostile"))) {
        for (var hostile : HostileModule.values()) {
          try {
            engine.load(hostile.bytes()).close();
            System.out.println(hostile + " is loaded");
          } catch (ModuleRefusedException e) {
            System.out.println(hostile + ": " + e.getMessage());
          }
        }
        System.out.println(
            "and still "
                + engine
                    .load(guest("grow-and-cope"))
                    .run(Grants.none(), Limits.defaults(), Stdio.none()));
      }
    }
  }

  /** What the process does. */
  static final class Bombs {
    static final int ROUNDS = 3;
    static final int AT_ONCE = 12;

    private Bombs() {}

    public static void main(String[] args) throws Exception {
      try (var engine = JvmEngine.open(Files.createTempDirectory("bombs"))) {
        var bomb = engine.load(guest("grow-memory"));
        var limits = Limits.defaults().withMemoryBytes(LIMIT);
        for (int round = 0; round < ROUNDS; round++) {
          List<Execution> runs = new ArrayList<>();
          for (int i = 0; i < AT_ONCE; i++) {
            runs.add(bomb.start(Grants.none(), limits, Stdio.none()));
          }
          for (var run : runs) {
            System.out.println("ended " + run.outcome());
          }
        }
        System.out.println(
            "and still "
                + engine.load(guest("grow-and-cope")).run(Grants.none(), limits, Stdio.none()));
      }
    }
  }
}
