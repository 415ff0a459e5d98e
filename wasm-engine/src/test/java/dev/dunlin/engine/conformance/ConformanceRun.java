package dev.dunlin.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.jvm.JvmEngine;
import dev.dunlin.engine.wasmtime.WasmtimeEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the suites below {@code -Ddunlin.suites}; fails on each difference from the lists of known
 * failures, and writes the table in docs/conformance.md when all have run. Started by {@code make
 * conformance}; no part of the ordinary tests.
 */
@EnabledIfSystemProperty(named = "dunlin.suites", matches = ".+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceRun {
  private static final Path LISTS = Path.of("src/test/resources/conformance");
  private static final Path PAGE = Path.of("../docs/conformance.md");
  private static final Path FOUND = Path.of("target/conformance");

  private static final Path SUITES = Path.of(System.getProperty("dunlin.suites", "."));
  private static final Path CORE = SUITES.resolve("testsuite");
  private static final Path COMPONENTS = SUITES.resolve("component-model/test");
  private static final Path WASI = SUITES.resolve("wasi-testsuite");

  /** A pattern of keys; without it all run. */
  private static final String ONLY = System.getProperty("dunlin.conformance.only", ".*");

  private final Wast wast = new Wast(Path.of(System.getProperty("dunlin.conformance.tools", ".")));
  private final List<Suite> suites =
      List.of(
          new Suite("core specification", "native", "core-native", _ -> wast.onWasmtime(CORE)),
          new Suite(
              "core specification",
              "native, baseline code",
              "core-native-baseline",
              _ -> wast.onWasmtime(CORE, "--baseline")),
          new Suite("core specification", "jvm", "core-jvm", temp -> wast.onJvm(CORE, temp)),
          new Suite(
              "component model",
              "native",
              "components-native",
              _ -> wast.onWasmtime(COMPONENTS, "--deep")),
          wasi("WASI 0.1 (preview 1)", "p1", "native", WasmtimeEngine::open),
          wasi("WASI 0.1 (preview 1)", "p1", "jvm", JvmEngine::open),
          wasi("WASI 0.3", "p3", "native", WasmtimeEngine::open));
  private final List<SuiteResult> results = new ArrayList<>();

  private interface Run {
    List<Verdict> perform(Path temp) throws Exception;
  }

  private interface Opener {
    Engine open(Path cacheDir) throws Exception;
  }

  private record Suite(String name, String engine, String key, Run run) {}

  private static Suite wasi(String name, String version, String engine, Opener opener) {
    var suite = new WasiSuite(WASI, "wasm32-wasi" + version);
    return new Suite(
        name,
        engine,
        "wasi-" + version + "-" + engine,
        temp -> {
          try (var opened = opener.open(temp.resolve("cache"))) {
            return suite.on(opened, temp);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aSuiteFailsOnlyWhereItIsKnownTo(@TempDir Path temp) {
    return suites.stream()
        .filter(suite -> suite.key().matches(ONLY))
        .map(suite ->
            DynamicTest.dynamicTest(
                suite.key(), () -> check(suite, Files.createDirectory(temp.resolve(suite.key())))));
  }

  private void check(Suite suite, Path temp) throws Exception {
    var verdicts = suite.run().perform(temp);
    var result = new SuiteResult(suite.name(), suite.engine(), suite.key(), verdicts);
    System.out.println(result);
    var known = KnownFailures.read(LISTS.resolve(suite.key() + ".txt"));
    Files.createDirectories(FOUND);
    Files.writeString(
        FOUND.resolve(suite.key() + ".txt"), known.rewritten(verdicts), StandardCharsets.UTF_8);
    assertThat(verdicts).as(suite.key()).isNotEmpty();
    assertThat(known.surprises(verdicts)).as(suite.key()).isEmpty();
    results.add(result);
  }

  @AfterAll
  void writePage() throws IOException {
    if (results.size() == suites.size()) {
      ResultPage.write(PAGE, results);
    }
  }
}
