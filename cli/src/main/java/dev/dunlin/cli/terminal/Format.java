package dev.dunlin.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.List;
import java.util.function.Supplier;

/** How a result is printed. */
public enum Format {
  table,
  json,
  yaml,
  name;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  /**
   * Prints one result in this format.
   *
   * @param document what json and yaml show
   * @param names what name shows, one a line
   * @param lines what a table shows
   */
  public void print(
      Terminal terminal, Object document, List<String> names, Supplier<List<String>> lines) {
    switch (this) {
      case json -> terminal.print(text(JSON, document));
      case yaml -> terminal.print(text(YAML, document).stripTrailing());
      case name -> names.forEach(terminal::print);
      case table -> lines.get().forEach(terminal::print);
    }
  }

  private static String text(ObjectMapper mapper, Object document) {
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
