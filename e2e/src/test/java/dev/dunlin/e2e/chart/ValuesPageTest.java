package dev.dunlin.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/values.md has the values of the chart as values.yaml says them; {@code
 * -Ddunlin.generate=true} writes its table.
 */
class ValuesPageTest {
  private static final Path PAGE = Repository.root().resolve("docs/values.md");
  private static final Path VALUES = Chart.ofThisTree().folder().resolve("values.yaml");
  private static final String HEAD = "| value | default | meaning |\n|---|---|---|\n";
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):.*$");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void thePageHasTheTableThatTheFileGives() throws IOException {
    String page = Files.readString(PAGE);
    String before = page.substring(0, page.indexOf(HEAD));
    String whole = before + HEAD + table(Files.readString(VALUES));
    if (Boolean.getBoolean("dunlin.generate")) Files.writeString(PAGE, whole);

    assertThat(Files.readString(PAGE)).isEqualTo(whole);
  }

  @Test
  void theSchemaKnowsEveryValueAndNoOther() throws IOException {
    JsonNode schema =
        JSON.readTree(Chart.ofThisTree().folder().resolve("values.schema.json").toFile());
    var inSchema = new TreeSet<String>();
    schema.get("properties").fieldNames().forEachRemaining(inSchema::add);
    var inFile = new TreeSet<String>();
    values().fieldNames().forEachRemaining(inFile::add);
    inFile.add("global"); // Helm's own

    assertThat(inSchema).isEqualTo(inFile);
    for (Iterator<String> it = values().fieldNames(); it.hasNext(); ) {
      String name = it.next();
      JsonNode value = values().get(name);
      JsonNode known = schema.at("/properties/" + name + "/properties");
      if (value.isObject() && !known.isMissingNode())
        value
            .fieldNames()
            .forEachRemaining(each ->
                assertThat(known.has(each)).as("%s.%s is in the schema", name, each).isTrue());
    }
  }

  private static JsonNode values() throws IOException {
    return Serialization.unmarshal(Files.readString(VALUES), JsonNode.class);
  }

  private static String table(String text) throws IOException {
    var path = new ArrayDeque<String>();
    var rows = new StringBuilder();
    String said = "";
    for (String line : text.lines().toList()) {
      var key = KEY.matcher(line);
      if (line.strip().startsWith("# -- ")) said = line.strip().substring("# -- ".length());
      else if (key.matches() && (!said.isEmpty() || line.endsWith(":"))) {
        while (path.size() > key.group(1).length() / 2) path.removeLast();
        path.addLast(key.group(2));
        if (!said.isEmpty()) rows.append(row(String.join(".", path), said));
        said = "";
      }
    }
    return rows.toString();
  }

  private static String row(String path, String said) throws IOException {
    JsonNode value = values().at("/" + path.replace('.', '/'));
    return "| `%s` | `%s` | %s |\n".formatted(path, flow(value), said.replace("|", "\\|"));
  }

  /** YAML in one line. */
  private static String flow(JsonNode value) {
    if (value.isObject())
      return value.properties().stream()
          .map(it -> it.getKey() + ": " + flow(it.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    if (value.isArray()) {
      var parts = new TreeSet<String>();
      value.forEach(each -> parts.add(flow(each)));
      return "[" + String.join(", ", parts) + "]";
    }
    return quoted(value);
  }

  private static String quoted(JsonNode value) {
    try {
      return value.isTextual() && !value.asText().isEmpty()
          ? value.asText()
          : JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every value is JSON", e);
    }
  }
}
