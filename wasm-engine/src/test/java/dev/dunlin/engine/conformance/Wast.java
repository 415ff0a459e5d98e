package dev.dunlin.engine.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.engine.jvm.SpecScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Suites of {@code .wast} scripts, by the programs of native/conformance.
 *
 * @param tools where those programs are
 */
record Wast(Path tools) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_SECONDS = 120;

  /** As an agent gives a guest. */
  private static final long STACK_BYTES = 4L << 20;

  /**
   * The scripts of the core specification: those of the proposals that are not in it lie deeper.
   */
  private static List<Path> scripts(Path suite) throws IOException {
    try (var files = Files.list(suite)) {
      return files.filter(file -> file.toString().endsWith(".wast")).sorted().toList();
    }
  }

  /** Performs a folder's scripts on wasmtime, with the settings of our library. */
  List<Verdict> onWasmtime(Path suite, String... options) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(tools.resolve("wast-run").toString(), suite.toString()));
    command.addAll(List.of(options));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var verdicts = new ArrayList<Verdict>();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var verdict = JSON.readTree(line);
        verdicts.add(
            new Verdict(
                verdict.path("name").asText(),
                verdict.path("tests").asInt(),
                verdict.has("failure") ? verdict.path("failure").asText() : null));
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
    return verdicts;
  }

  /** Performs the core specification's scripts on the parts of the jvm engine. */
  List<Verdict> onJvm(Path suite, Path scratch) throws IOException, InterruptedException {
    var json = Files.createDirectories(scratch.resolve("json"));
    var convert =
        new ProcessBuilder(
                tools.resolve("wast-to-json").toString(), suite.toString(), json.toString())
            .inheritIO()
            .start();
    if (convert.waitFor() != 0) {
      throw new IOException("wast-to-json ended with " + convert.exitValue());
    }
    var verdicts = new ArrayList<Verdict>();
    for (var script : scripts(suite)) {
      var file = script.getFileName().toString();
      var name = file.substring(0, file.lastIndexOf('.'));
      verdicts.addAll(onGuestsThread(name, json, scratch.resolve("code")));
    }
    return verdicts;
  }

  private static List<Verdict> onGuestsThread(String name, Path json, Path cache)
      throws InterruptedException {
    var script = new FutureTask<>(() -> SpecScript.perform(name, json, cache));
    var thread = new Thread(null, script, name, STACK_BYTES, false);
    thread.setDaemon(true);
    thread.start();
    try {
      return script.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      thread.interrupt(); // which compiled code answers
      return List.of(Verdict.failed(name, "not done after " + MOST_SECONDS + " seconds"));
    } catch (ExecutionException e) {
      return List.of(Verdict.failed(name, String.valueOf(e.getCause())));
    }
  }
}
