package dev.dunlin.engine.conformance;

import dev.dunlin.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * wasi-testsuite's tests of one version of WASI.
 *
 * @param folder of the suite
 * @param version as its folders are named: {@code wasm32-wasip1}
 */
record WasiSuite(Path folder, String version) {
  /** Runs all on an engine; the tests have the names of their files, below their language's. */
  List<Verdict> on(Engine engine, Path scratch) throws IOException, InterruptedException {
    var verdicts = new ArrayList<Verdict>();
    for (var wasm : modules()) {
      var own = Files.createTempDirectory(scratch, "test");
      verdicts.add(WasiCaseRun.perform(engine, WasiCase.read(wasm), own));
    }
    return verdicts;
  }

  private List<Path> modules() throws IOException {
    var modules = new ArrayList<Path>();
    try (var languages = Files.list(folder.resolve("tests"))) {
      for (var language : languages.toList()) {
        var tests = language.resolve("testsuite").resolve(version);
        if (Files.isDirectory(tests)) {
          try (var files = Files.list(tests)) {
            files.filter(file -> file.toString().endsWith(".wasm")).forEach(modules::add);
          }
        }
      }
    }
    modules.sort(Comparator.comparing(Path::getFileName));
    return modules;
  }
}
