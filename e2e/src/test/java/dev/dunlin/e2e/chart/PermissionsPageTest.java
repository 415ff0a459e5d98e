package dev.dunlin.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/permissions.md names every right that the chart gives, and no other. */
class PermissionsPageTest {
  private static final Pattern HEADING =
      Pattern.compile("(?m)^## .*: ((?:Cluster)?Role) `([^`]+)`$");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| (?!group )([a-z0-9.]+) \\| (\\S+)(?: (`[^|]+`))? \\| ([a-z, ]+) \\| ([^|]+) \\|$");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** With a namespace to watch, rules of apps are in a Role of their own. */
  private static Rendered rendered(Path folder) throws IOException {
    Path values = Files.writeString(folder.resolve("values.yaml"), "watchNamespaces: [shop]");
    return Rendered.of(Chart.ofThisTree(), List.of(values));
  }

  @Test
  void thePageAndTheChartAgree(@TempDir Path folder) throws IOException {
    var rendered = rendered(folder);
    var documented = new TreeMap<String, Set<String>>();
    var given = new TreeMap<String, Set<String>>();

    for (String section :
        Files.readString(Repository.root().resolve("docs/permissions.md"))
            .split("(?m)^(?=## )", -1)) {
      var heading = HEADING.matcher(section);
      if (!heading.find()) continue;
      String role = heading.group(1) + " " + heading.group(2);
      documented.put(role, documented(section));
      given.put(role, given(rendered.object(heading.group(1), heading.group(2))));
    }

    assertThat(documented).hasSize(5).isEqualTo(given);
  }

  @Test
  void nothingIsAllowedByAWildcard(@TempDir Path folder) throws IOException {
    assertThat(rendered(folder).objects())
        .allSatisfy((key, text) -> {
          if (key.contains("Role ")) assertThat(text).doesNotContain("*");
        });
  }

  private static Set<String> documented(String section) {
    var rights = new TreeSet<String>();
    ROW.matcher(section)
        .results()
        .forEach(row -> {
          String names = row.group(3) == null ? "" : row.group(3);
          List<String> each =
              NAME.matcher(names).results().map((MatchResult it) -> it.group(1)).toList();
          String group = row.group(1).equals("core") ? "" : row.group(1);
          for (String name : each.isEmpty() ? List.of("") : each)
            for (String verb : row.group(4).split(", ", -1))
              assertThat(rights.add(right(group, row.group(2), name, verb)))
                  .as("said once: %s", row.group())
                  .isTrue();
        });
    return rights;
  }

  private static Set<String> given(JsonNode role) {
    var rights = new TreeSet<String>();
    for (JsonNode rule : role.get("rules"))
      for (String group : texts(rule.path("apiGroups")))
        for (String resource : texts(rule.path("resources")))
          for (String name :
              rule.has("resourceNames") ? texts(rule.path("resourceNames")) : new String[] {""})
            for (String verb : texts(rule.path("verbs")))
              rights.add(right(group, resource, name, verb));
    return rights;
  }

  private static String right(String group, String resource, String name, String verb) {
    return "%s %s %s %s".formatted(group, resource, name, verb);
  }

  private static String[] texts(JsonNode list) {
    return Stream.of(list)
        .flatMap(it ->
            Arrays.stream(
                new com.fasterxml.jackson.databind.ObjectMapper().convertValue(it, String[].class)))
        .toArray(String[]::new);
  }
}
