package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Outcome.TrapKind;
import dev.dunlin.engine.Outcome.Trapped;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.contract.EngineContract;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Both runtimes of this process learn of faults by signals: a guest's traps and the JVM's implicit
 * null checks, divisions and stack banging must each reach their own.
 */
@Timeout(120)
class SignalsTest extends EngineContract {
  private static final int STORM = 200_000;
  private static final int THREADS = 4;

  @Override
  protected Engine open(Path cacheDir) {
    return NativeOrSkip.open(cacheDir);
  }

  private record Node(int value) {}

  @Test
  void trapsAndJavaFaultsEachReachTheirOwn() throws Exception {
    try (var module = load("traps")) {
      trapEveryWay(module);

      assertThat(nullPointers(STORM)).isEqualTo(STORM);
      assertThat(divisions(STORM)).isEqualTo(STORM);
      assertThat(overflows(50)).isEqualTo(50);

      trapEveryWay(module);
    }
  }

  @Test
  void trapsAndJavaFaultsEachReachTheirOwnAtTheSameTime() throws Exception {
    try (var module = load("traps");
        var threads = Executors.newFixedThreadPool(THREADS)) {
      var work = new ArrayList<Callable<Integer>>();
      work.add(() -> nullPointers(STORM));
      work.add(() -> divisions(STORM));
      work.add(() -> overflows(50));
      work.add(() -> {
        for (int i = 0; i < 50; i++) {
          trapEveryWay(module);
        }
        return 1;
      });

      for (var done : threads.invokeAll(work)) {
        assertThat(done.get()).isPositive();
      }
    }
  }

  private static void trapEveryWay(Module module) throws InterruptedException {
    assertThat(kindOf(module, "u")).isEqualTo(TrapKind.UNREACHABLE);
    assertThat(kindOf(module, "m")).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
    assertThat(kindOf(module, "d")).isEqualTo(TrapKind.INTEGER_DIVISION);
    assertThat(kindOf(module, "n")).isEqualTo(TrapKind.INDIRECT_CALL);
    assertThat(kindOf(module, "s")).isEqualTo(TrapKind.STACK_OVERFLOW);
  }

  private static @Nullable TrapKind kindOf(Module module, String letter)
      throws InterruptedException {
    Outcome outcome =
        module.run(
            Grants.none(),
            Limits.defaults(),
            new Stdio(
                text(letter), OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
    return outcome instanceof Trapped trapped ? trapped.kind() : null;
  }

  /** Often enough that the JIT leaves the check to the processor. */
  private static int nullPointers(int times) {
    int caught = 0;
    var nodes = new Node[] {new Node(1), null};
    for (int i = 0; i < 2 * times; i++) {
      try {
        caught += valueOf(nodes[i & 1]) - 1;
      } catch (NullPointerException e) {
        caught++;
      }
    }
    return caught;
  }

  @SuppressWarnings("NullAway") // that is what is tested
  private static int valueOf(@Nullable Node node) {
    return node.value();
  }

  private static int divisions(int times) {
    int caught = 0;
    for (int i = 0; i < 2 * times; i++) {
      try {
        caught += 1 / (i & 1) - 1;
      } catch (ArithmeticException e) {
        caught++;
      }
    }
    return caught;
  }

  private static int overflows(int times) {
    int caught = 0;
    for (int i = 0; i < times; i++) {
      try {
        caught += deeper(1);
      } catch (StackOverflowError e) {
        caught++;
      }
    }
    return caught;
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int deeper(int depth) {
    return deeper(depth + 1) + 1;
  }
}
