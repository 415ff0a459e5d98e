package dev.dunlin.engine.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tests that an engine is known to fail, each with its reason. The list may only shrink: what
 * is on it and passes is as wrong as what is not on it and fails.
 *
 * @param reasons by the test's name
 */
record KnownFailures(Path file, Map<String, String> reasons) {
  private static final int LONGEST_LINE = 120;

  /**
   * A line is {@code NAME REASON}, or {@code NAME:LINE,LINE,... REASON} for several of a script;
   * {@code #} begins a remark. No file is an empty list.
   */
  static KnownFailures read(Path file) throws IOException {
    var reasons = new LinkedHashMap<String, String>();
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        var parts = line.strip().split("\\s+", 2);
        if (parts.length < 2) {
          throw new IllegalArgumentException(file + ": expected NAME REASON, found: " + line);
        }
        for (var name : names(parts[0])) {
          if (reasons.put(name, parts[1]) != null) {
            throw new IllegalArgumentException(file + ": expected once, found again: " + name);
          }
        }
      }
    }
    return new KnownFailures(file, reasons);
  }

  private static List<String> names(String name) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      return List.of(name);
    }
    var script = name.substring(0, colon + 1);
    return java.util.Arrays.stream(name.substring(colon + 1).split(",", -1))
        .map(script::concat)
        .toList();
  }

  /** What is wrong with {@code verdicts}, a line each; empty when all is as known. */
  List<String> surprises(List<Verdict> verdicts) {
    var unseen = new LinkedHashMap<>(reasons);
    var passed = new HashSet<String>();
    var surprises = new ArrayList<String>();
    for (var verdict : verdicts) {
      if (verdict.failure() == null) {
        passed.add(verdict.name());
      } else if (reasons.containsKey(verdict.name())) {
        unseen.remove(verdict.name());
      } else {
        surprises.add(
            "fails and is not in %s: %s: %s"
                .formatted(file.getFileName(), verdict.name(), verdict.failure()));
      }
    }
    unseen
        .keySet()
        .forEach(name ->
            surprises.add(
                "%s, so take it out of %s: %s"
                    .formatted(
                        passed.contains(name) ? "passes" : "fails no more",
                        file.getFileName(),
                        name)));
    return surprises;
  }

  /** The failures as such a list, with the known reasons, or else with what was found. */
  String rewritten(List<Verdict> verdicts) {
    var lines = new TreeMap<String, String>();
    for (var verdict : verdicts) {
      if (verdict.failure() != null) {
        var found = verdict.failure().lines().findFirst().orElse("");
        var reason = reasons.getOrDefault(verdict.name(), "TELL WHY: " + found);
        int colon = verdict.name().indexOf(':');
        var script = verdict.name().substring(0, colon + 1);
        lines.merge(
            (colon < 0 ? verdict.name() : script) + "\t" + reason,
            verdict.name().substring(colon + 1),
            (before, more) -> before + "," + more);
      }
    }
    var text = new StringBuilder();
    lines.forEach((key, names) -> {
      var parts = key.split("\t", 2);
      boolean script = parts[0].endsWith(":");
      text.append(script ? wrapped(parts[0], names, parts[1]) : parts[0] + "  " + parts[1] + "\n");
    });
    return text.toString();
  }

  private static String wrapped(String script, String names, String reason) {
    var text = new StringBuilder();
    var line = new StringBuilder(script);
    for (var name : names.split(",", -1)) {
      if (line.length() + name.length() + reason.length() > LONGEST_LINE
          && line.length() > script.length()) {
        text.append(line).append("  ").append(reason).append('\n');
        line = new StringBuilder(script);
      }
      line.append(line.length() == script.length() ? "" : ",").append(name);
    }
    return text.append(line).append("  ").append(reason).append('\n').toString();
  }
}
