package dev.dunlin.engine.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The table in docs/conformance.md, between two marks; the rest of the page is written by hand. */
final class ResultPage {
  private static final String BEGIN = "<!-- begin: written by make conformance -->";
  private static final String END = "<!-- end: written by make conformance -->";

  private ResultPage() {}

  static void write(Path page, List<SuiteResult> results) throws IOException {
    var text = Files.readString(page, StandardCharsets.UTF_8);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(page + ": expected the two marks of the table, found none");
    }
    Files.writeString(
        page,
        text.substring(0, begin + BEGIN.length()) + "\n" + table(results) + text.substring(end),
        StandardCharsets.UTF_8);
  }

  private static String table(List<SuiteResult> results) {
    var table = new StringBuilder();
    table.append(
        "| suite | engine | tests | passed | refused at load | failed | known failures |\n");
    table.append("|---|---|---:|---:|---:|---:|---|\n");
    for (var result : results) {
      table.append(
          "| %s | %s | %,d | %,d | %,d | %,d | %s |\n"
              .formatted(
                  result.suite(),
                  result.engine(),
                  result.tests(),
                  result.passed(),
                  result.refused(),
                  result.failed(),
                  list(result)));
    }
    return table.toString();
  }

  private static String list(SuiteResult result) {
    return result.passed() == result.tests()
        ? "none"
        : "[%1$s](../wasm-engine/src/test/resources/conformance/%1$s.txt)".formatted(result.key());
  }
}
