package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Outcome.TrapKind;
import dev.dunlin.engine.Outcome.Trapped;
import dev.dunlin.engine.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands: what they are given, what they give back, how they end. */
public abstract class RunContract extends EngineContract {
  @Test
  void aCommandSeesItsArgumentsInOrder() throws Exception {
    var ran = tool("args", "one", "", "with space", "ünïcode");

    assertThat(ran.out()).isEqualTo("tool\nargs\none\n\nwith space\nünïcode\n");
    assertThat(ran.outcome()).isEqualTo(new Exited(0));
  }

  @Test
  void aCommandSeesExactlyTheVariablesThatItWasGranted() throws Exception {
    var env = new LinkedHashMap<String, String>();
    env.put("ZED", "1");
    env.put("ALPHA", "a=b");

    var ran =
        run(
            "tool",
            new Grants(arguments("env"), env, List.of()),
            Limits.defaults(),
            InputStream.nullInputStream());

    assertThat(ran.out()).isEqualTo("ZED=1\nALPHA=a=b\n");
  }

  @Test
  void nothingIsGrantedByDefault() throws Exception {
    assertThat(tool("env").out()).isEmpty();
    assertThat(tool("ls", "/").out()).isEqualTo("ENOENT\n");
    assertThat(tool("read", "/etc/passwd").out()).isEqualTo("ENOENT\n");
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false", "42, false", "255, false"})
  void theExitCodeComesBack(int code, boolean success) throws Exception {
    var ran = tool("exit", Integer.toString(code));

    assertThat(ran.outcome()).isEqualTo(new Exited(code));
    assertThat(((Exited) ran.outcome()).success()).isEqualTo(success);
  }

  @Test
  void standardInputReachesTheGuestWhole() throws Exception {
    var big = "0123456789abcdef".repeat(40_000);

    var ran = run("tool", command("cat"), Limits.defaults(), text(big));

    assertThat(ran.out()).isEqualTo(big);
  }

  @Test
  void outputAndErrorsAreApart() throws Exception {
    var ran = tool("both");

    assertThat(ran.out()).isEqualTo("to out\n");
    assertThat(ran.err()).isEqualTo("to err\n");
  }

  @Test
  void aLineIsOneWriteToTheStream() throws Exception {
    var writes = new ArrayList<String>();
    var err =
        new OutputStream() {
          @Override
          public void write(int b) {
            writes.add(Character.toString(b));
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            writes.add(new String(bytes, offset, length, java.nio.charset.StandardCharsets.UTF_8));
          }
        };
    try (var module = load("tool")) {
      module.run(
          command("both"),
          Limits.defaults(),
          new Stdio(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err));
    }

    assertThat(writes).containsExactly("to err\n");
  }

  @Test
  void aBrokenOutputIsAnErrorToTheGuestAndNothingMore() throws Exception {
    var err = new ByteArrayOutputStream();
    try (var module = load("tool")) {
      var outcome =
          module.run(
              command("out", "text"),
              Limits.defaults(),
              new Stdio(InputStream.nullInputStream(), new BrokenStream(), err));

      assertThat(outcome)
          .isIn(
              outputIsBuffered() ? List.of(new Exited(0), new Exited(1)) : List.of(new Exited(1)));
    }
  }

  /** Whether a guest's write is done before the stream has taken it. */
  protected boolean outputIsBuffered() {
    return false;
  }

  @Test
  void aBrokenInputIsAnErrorToTheGuest() throws Exception {
    var in =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return read(new byte[1], 0, 1);
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("secret of the host");
          }
        };

    var ran = run("tool", command("cat"), Limits.defaults(), in);

    assertThat(ran.out()).isEqualTo("EIO\n");
  }

  @ParameterizedTest
  @CsvSource({
    "u, UNREACHABLE",
    "m, MEMORY_OUT_OF_BOUNDS",
    "M, MEMORY_OUT_OF_BOUNDS",
    "f, MEMORY_OUT_OF_BOUNDS",
    "t, TABLE_OUT_OF_BOUNDS",
    "n, INDIRECT_CALL",
    "i, INDIRECT_CALL",
    "d, INTEGER_DIVISION",
    "o, INTEGER_OVERFLOW",
    "c, INTEGER_OVERFLOW",
    "s, STACK_OVERFLOW"
  })
  void aTrapHasItsKind(String letter, TrapKind kind) throws Exception {
    var ran = run("traps", Grants.none(), Limits.defaults(), text(letter));

    assertThat(ran.outcome())
        .isInstanceOfSatisfying(
            Trapped.class,
            trapped -> {
              assertThat(trapped.kind()).as(trapped.message()).isEqualTo(kind);
              assertThat(trapped.message()).isNotBlank().doesNotContain("java.", "Exception");
            });
  }

  @Test
  void aModuleRunsAgainAfterATrap() throws Exception {
    try (var module = load("traps")) {
      module.run(Grants.none(), Limits.defaults(), stdin("s"));

      assertThat(module.run(Grants.none(), Limits.defaults(), stdin("x"))).isEqualTo(new Exited(0));
    }
  }

  private static Stdio stdin(String text) {
    return new Stdio(text(text), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }

  @Test
  void clocksAndRandomNumbersAreThere() throws Exception {
    long before = System.currentTimeMillis() / 1000;

    assertThat(Long.parseLong(tool("time").out().strip()))
        .isBetween(before, System.currentTimeMillis() / 1000);
    assertThat(tool("random").out()).hasSize(32).isNotEqualTo(tool("random").out());
  }

  @Test
  void pollTellsWhenInputIsThereAndWhenItIsNot() throws Exception {
    var silent = new java.io.PipedInputStream(new java.io.PipedOutputStream());

    assertThat(run("tool", command("poll", "5000"), Limits.defaults(), text("x")).out())
        .isEqualTo("1\n");
    assertThat(run("tool", command("poll", "30"), Limits.defaults(), silent).out())
        .isEqualTo("0\n");
    assertThat(tool("sleep", "5").out()).isEqualTo("ok\n");
  }

  @Test
  void manyThreadsRunOneModuleAtOnce() throws Exception {
    try (var module = load("tool");
        var threads = Executors.newFixedThreadPool(8)) {
      var runs = new ArrayList<Callable<String>>();
      for (int i = 0; i < 64; i++) {
        var word = "w" + i;
        runs.add(() -> {
          var out = new ByteArrayOutputStream();
          var in = text(word);
          module.run(command("cat"), Limits.defaults(), new Stdio(in, out, out));
          return out.toString(java.nio.charset.StandardCharsets.UTF_8);
        });
      }

      var words = new ArrayList<String>();
      for (var future : threads.invokeAll(runs)) {
        words.add(future.get());
      }

      assertThat(words).hasSize(64).startsWith("w0", "w1").endsWith("w63");
    }
  }

  @Test
  void oneRunLeavesNothingForTheNext() throws Exception {
    try (var module = load("table-size")) {
      var first = module.run(Grants.none(), Limits.defaults(), Stdio.none());

      assertThat(first).isEqualTo(new Exited(3));
      assertThat(module.run(Grants.none(), Limits.defaults(), Stdio.none())).isEqualTo(first);
    }
  }

  @Test
  void aRunTellsWhatItUsed() throws Exception {
    try (var module = load("tool");
        var execution = module.start(command("alloc", "8"), Limits.defaults(), Stdio.none())) {
      execution.outcome();

      assertThat(execution.usage().memoryBytes()).isBetween(8L << 20, 64L << 20);
      assertThat(execution.usage().cpu()).isPositive();
    }
  }

  @Test
  void theEngineSaysWhatItIs() {
    assertThat(engine.info().name()).isNotBlank();
    assertThat(engine.info().version()).isNotBlank();
    assertThat(engine.info().features()).contains("wasi:p1");
    try (var module = load("tool")) {
      assertThat(module.kind()).isEqualTo(ModuleKind.COMMAND);
    }
  }

  private static final class BrokenStream extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("secret of the host");
    }
  }
}
