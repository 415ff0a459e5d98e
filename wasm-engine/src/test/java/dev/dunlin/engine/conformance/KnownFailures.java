package dev.dunlin.engine.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tests that an engine is known to fail, each with its reason. The list may only shrink: what
 * is on it and passes is as wrong as what is not on it and fails.
 *
 * @param reasons by the test's name
 */
record KnownFailures(Path file, Map<String, String> reasons) {
  /** A line is {@code NAME REASON}; {@code #} begins a remark. No file is an empty list. */
  static KnownFailures read(Path file) throws IOException {
    var reasons = new LinkedHashMap<String, String>();
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        var parts = line.strip().split("\\s+", 2);
        if (parts.length < 2 || reasons.put(parts[0], parts[1]) != null) {
          throw new IllegalArgumentException(
              "%s: expected a name once and its reason, found: %s".formatted(file, line));
        }
      }
    }
    return new KnownFailures(file, reasons);
  }

  /** What is wrong with {@code verdicts}, a line each; empty when all is as known. */
  List<String> surprises(List<Verdict> verdicts) {
    var unseen = new LinkedHashMap<>(reasons);
    var surprises = new ArrayList<String>();
    var passed = new ArrayList<String>();
    for (var verdict : verdicts) {
      if (verdict.failure() == null) {
        passed.add(verdict.name());
      } else if (unseen.remove(verdict.name()) == null && !reasons.containsKey(verdict.name())) {
        surprises.add(
            "fails, and is not in %s: %s: %s"
                .formatted(file.getFileName(), verdict.name(), verdict.failure()));
      }
    }
    unseen.forEach((name, reason) ->
        surprises.add(
            "%s, take it out of %s: %s"
                .formatted(
                    passed.contains(name) ? "passes" : "is no test any more",
                    file.getFileName(),
                    name)));
    return surprises;
  }
}
