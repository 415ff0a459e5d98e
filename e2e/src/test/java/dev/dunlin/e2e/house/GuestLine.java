package dev.dunlin.e2e.house;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GuestLine parse(ObjectMapper json, String line) {
    try {
      return json.readValue(line, GuestLine.class);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }
}
