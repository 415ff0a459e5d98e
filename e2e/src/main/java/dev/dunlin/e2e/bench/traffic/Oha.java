package dev.dunlin.e2e.bench.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The load generator.
 *
 * @param isFirst whether it has a processor whenever it wants one, as a machine of its own has
 */
record Oha(Path program, boolean isFirst) {
  Oha(Path program) {
    this(program, false);
  }

  /** What it found; times in milliseconds. */
  record Load(double perSecond, double p50, double p90, double p99, long answers) {}

  /** As many requests as are answered, on that many connections. */
  Load flatOut(String url, Duration time, int connections) throws InterruptedException {
    return run(List.of("-c", String.valueOf(connections)), url, time);
  }

  /**
   * That many requests a second, whether the answers come or not: a late one counts from when its
   * request was to be sent.
   */
  Load steady(String url, Duration time, int perSecond, int connections)
      throws InterruptedException {
    return run(
        List.of(
            "-c",
            String.valueOf(connections),
            "-q",
            String.valueOf(perSecond),
            "--latency-correction"),
        url,
        time);
  }

  private Load run(List<String> flags, String url, Duration time) throws InterruptedException {
    var command = new ArrayList<>(isFirst ? Priority.FIRST : List.of());
    command.addAll(List.of(program.toString(), "-z", time.toMillis() + "ms"));
    command.addAll(flags);
    command.addAll(List.of("--no-tui", "--output-format", "json", url));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) throw new IllegalStateException("oha " + url + ": " + said);
      return load(url, new ObjectMapper().readTree(said));
    } catch (IOException e) {
      throw new UncheckedIOException("oha " + url, e);
    }
  }

  private static Load load(String url, JsonNode found) {
    long good = 0;
    for (var status : found.path("statusCodeDistribution").properties()) {
      if (!status.getKey().equals("200")) throw bad(url, found);
      good += status.getValue().asLong();
    }
    for (var error : found.path("errorDistribution").properties()) {
      // What was under way when the time was over.
      if (!error.getKey().contains("deadline")) throw bad(url, found);
    }
    if (good == 0) throw bad(url, found);
    JsonNode times = found.path("latencyPercentiles");
    return new Load(
        found.path("summary").path("requestsPerSec").asDouble(),
        times.path("p50").asDouble() * 1e3,
        times.path("p90").asDouble() * 1e3,
        times.path("p99").asDouble() * 1e3,
        good);
  }

  private static IllegalStateException bad(String url, JsonNode found) {
    return new IllegalStateException(
        "%s: expected only answers with status 200, found %s, errors %s"
            .formatted(url, found.path("statusCodeDistribution"), found.path("errorDistribution")));
  }
}
