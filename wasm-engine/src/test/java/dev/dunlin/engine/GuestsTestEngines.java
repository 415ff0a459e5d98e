package dev.dunlin.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * The engines under test, and each guest's module on them, loaded by the first test that needs it.
 */
final class GuestsTestEngines implements AutoCloseable {
  /**
   * Outlives a run of the tests: to compile a component of 20 MB takes most of a minute. What is in
   * it is found by the module's digest and the engine's version.
   */
  private static final Path CODE = Path.of("target", "guests-code");

  private final Map<Engines.Choice, Engine> engines = new EnumMap<>(Engines.Choice.class);
  private final Map<String, Module> modules = new LinkedHashMap<>();

  /** Skips the test where there is no such engine, or the guest's module was not built. */
  Module module(Engines.Choice choice, GuestsTestGuest guest) throws IOException {
    Path file =
        guest
            .module()
            .orElseThrow(() ->
                new TestAbortedException(
                    guest.name() + " is not built: run wasm-engine/guests/build-large"));
    Engine engine = engines.computeIfAbsent(choice, GuestsTestEngines::open);
    String key = choice + " " + guest.name();
    Module module = modules.get(key);
    if (module == null) {
      module = engine.load(Files.readAllBytes(file));
      modules.put(key, module);
    }
    return module;
  }

  private static Engine open(Engines.Choice choice) {
    try {
      return Engines.open(CODE.resolve(choice.name()).toAbsolutePath(), choice);
    } catch (IllegalStateException e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    modules.values().forEach(Module::close);
    engines.values().forEach(Engine::close);
  }
}
