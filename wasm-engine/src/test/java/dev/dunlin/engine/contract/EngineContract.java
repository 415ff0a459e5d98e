package dev.dunlin.engine.contract;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Opens the engine under test, once a class, and runs the guests of src/test/guests on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {
  @TempDir protected Path temp;
  private final Map<String, Module> modules = new HashMap<>();
  protected Engine engine;

  protected abstract Engine open(Path cacheDir);

  @BeforeAll
  void openEngine(@TempDir Path cacheDir) {
    engine = open(cacheDir);
  }

  @AfterAll
  void closeEngine() {
    engine.close();
  }

  /** How a run ended, and what it wrote. */
  public record Ran(Outcome outcome, String out, String err) {}

  protected static byte[] guest(String name) {
    try (var in = EngineContract.class.getResourceAsStream("/guests/" + name + ".wasm")) {
      if (in == null) {
        throw new IllegalArgumentException("no guest " + name + "; run src/test/guests/build");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A module of the test's own. */
  protected Module load(String name) {
    return engine.load(guest(name));
  }

  /** A module that the tests of a class share. */
  protected Module shared(String name) {
    return modules.computeIfAbsent(name, this::load);
  }

  protected static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  protected Ran run(String guest, Grants grants, Limits limits, InputStream in)
      throws InterruptedException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var outcome = shared(guest).run(grants, limits, new Stdio(in, out, err));
    return new Ran(
        outcome, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  protected Ran run(String guest) throws InterruptedException {
    return run(guest, Grants.none(), Limits.defaults(), InputStream.nullInputStream());
  }

  /** Runs a command of the guest "tool". */
  protected Ran tool(String... command) throws InterruptedException {
    return tool(List.of(), command);
  }

  protected Ran tool(List<Grants.Directory> directories, String... command)
      throws InterruptedException {
    return run(
        "tool",
        new Grants(arguments(command), Map.of(), directories),
        Limits.defaults(),
        InputStream.nullInputStream());
  }

  protected static List<String> arguments(String... command) {
    var args = new ArrayList<>(List.of("tool"));
    args.addAll(List.of(command));
    return args;
  }

  protected static Grants command(String... command) {
    return new Grants(arguments(command), Map.of(), List.of());
  }
}
