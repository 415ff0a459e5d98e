package dev.dunlin.e2e.bench.traffic;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, with what, and how long; bench/traffic/bench.py writes it.
 *
 * @param file where the results go
 * @param parts in this order
 * @param nodeServer a plain handler for node
 * @param rust a component of wasi:http in Rust
 * @param js one in JavaScript; none where its toolchain is missing
 * @param noisy a CGI program that spins, floods its log, or fills its memory as its query says
 * @param modules how many distinct modules the apps of a part have
 * @param neighbourWarmUps rounds of each bad neighbour that are not counted
 * @param together how many apps are woken at once
 */
record Plan(
    Path file,
    List<String> parts,
    Path oha,
    Path wasmtime,
    @Nullable Path node,
    Path nodeServer,
    Path rust,
    @Nullable Path js,
    Path noisy,
    int connections,
    int rounds,
    int seconds,
    int warmUpSeconds,
    int wakeCycles,
    int together,
    int herds,
    int applies,
    int neighbourWarmUps,
    int neighbourRounds,
    int neighbourSeconds,
    int quietPerSecond,
    List<Integer> idle,
    int active,
    int activeSeconds,
    int modules) {
  Plan {
    parts = List.copyOf(parts);
    idle = List.copyOf(idle);
  }

  static Plan read(Path file) throws IOException {
    return new ObjectMapper().readValue(file.toFile(), Plan.class);
  }
}
