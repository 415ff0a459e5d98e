package dev.dunlin.e2e.house;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One line of a guest's output, as it stands in an agent's log. */
record GuestLine(
    String time, String namespace, String app, String instance, String stream, String message) {

  /** All of an agent's log, in order. */
  static List<GuestLine> read(Path log) {
    var json = new ObjectMapper();
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> line.startsWith("{\"time\":") && line.endsWith("}"))
          .map(line -> parse(json, line))
          .flatMap(Optional::stream)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty for what the agent says itself. */
  private static Optional<GuestLine> parse(ObjectMapper json, String line) {
    try {
      JsonNode tree = json.readTree(line);
      return tree.has("stream")
          ? Optional.of(json.treeToValue(tree, GuestLine.class))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }
}
