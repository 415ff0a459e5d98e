package dev.dunlin.e2e.badinput;

import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/** One row of the table in docs/troubleshooting.md. */
record Row(String what, String reason) {
  /** All rows, in the page's order. */
  static List<Row> all() throws IOException {
    return Files.readAllLines(Repository.root().resolve("docs/troubleshooting.md")).stream()
        .filter(line -> line.startsWith("| "))
        .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
        .filter(cells -> cells.get(2).startsWith("`"))
        .map(cells -> new Row(cells.get(1), cells.get(2).replace("`", "")))
        .toList();
  }

  @Override
  public String toString() {
    return what + ": " + reason;
  }
}
