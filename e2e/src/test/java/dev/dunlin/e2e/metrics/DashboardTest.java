package dev.dunlin.e2e.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The dashboard and the alerts ask for series that there are (docs/metrics.md), by their labels.
 */
class DashboardTest {
  private static final Pattern SELECTOR =
      Pattern.compile("\\b(dunlin_\\w+|jvm_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");
  private static final Pattern RATE =
      Pattern.compile("\\b(rate|increase|delta|max_over_time)\\((\\w+)");

  /** What Prometheus adds to all that it scrapes. */
  private static final Set<String> OF_THE_TARGET = Set.of("instance", "job", "node");

  @TestFactory
  Stream<DynamicTest> everyPanelAsksForSeriesThatThereAre() throws IOException {
    JsonNode dashboard = dashboard();
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode panel : dashboard.required("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String expr = target.required("expr").asText();
        String legend = target.required("legendFormat").asText();
        tests.add(
            DynamicTest.dynamicTest(
                panel.required("title").asText() + ": " + legend,
                () -> {
                  check(expr);
                  namesOnlyWhatIsKept(expr, legend);
                }));
      }
    }
    assertThat(tests).hasSizeGreaterThan(20);
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> everyAlertAsksForSeriesThatThereAreAndSaysWhatToDo() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode rule : alerts()) {
      String expr = rule.required("expr").asText();
      tests.add(
          DynamicTest.dynamicTest(
              rule.required("alert").asText(),
              () -> {
                check(expr);
                assertThat(rule.required("labels").required("severity").asText())
                    .isIn("info", "warning", "critical");
                for (String text : List.of("summary", "description")) {
                  namesOnlyWhatIsKept(expr, rule.required("annotations").required(text).asText());
                }
              }));
    }
    assertThat(tests).hasSizeGreaterThan(10);
    return tests.stream();
  }

  @Test
  void everyMetricOfAnAppHasAPlaceOnTheDashboard() throws IOException {
    String dashboard = dashboard().toString();

    assertThat(Family.onThePage("Of apps")).extracting(Family::name).allMatch(dashboard::contains);
  }

  @Test
  void theDashboardsVariablesAndPanelsAreEachThereOnce() throws IOException {
    JsonNode dashboard = dashboard();
    var ids = new ArrayList<Integer>();
    dashboard.required("panels").forEach(panel -> ids.add(panel.required("id").asInt()));
    var variables = new ArrayList<String>();
    dashboard
        .required("templating")
        .required("list")
        .forEach(variable -> variables.add(variable.required("name").asText()));

    assertThat(ids).doesNotHaveDuplicates();
    assertThat(variables).containsExactly("datasource", "namespace", "app");
    for (JsonNode variable : dashboard.required("templating").required("list")) {
      if (variable.has("definition")) check(variable.get("definition").asText());
    }
  }

  /** Every metric is there and is asked as its type wants; every label is one of it. */
  private static void check(String expr) throws IOException {
    Map<String, Family> series = Family.bySeries();
    var labels = new TreeMap<String, Set<String>>();
    for (MatchResult found : SELECTOR.matcher(expr).results().toList()) {
      String name = found.group(1);
      if (name.startsWith("jvm_")) {
        continue; // Micrometer's
      }
      assertThat(series).as(expr).containsKey(name);
      Family family = Objects.requireNonNull(series.get(name));
      Set<String> known = new TreeSet<>(family.labels());
      known.addAll(OF_THE_TARGET);
      if (name.endsWith("_bucket")) known.add("le");
      labels.put(name, known);
      if (found.group(2) != null) {
        assertThat(MATCHER.matcher(found.group(2)).results().map(it -> it.group(1)))
            .as(expr)
            .isSubsetOf(known);
      }
    }
    for (MatchResult by : BY.matcher(expr).results().toList()) {
      for (Set<String> known : labels.values()) {
        assertThat(by.group(1).split(",\\s*")).as(expr).isSubsetOf(known);
      }
    }
    for (MatchResult rate : RATE.matcher(expr).results().toList()) {
      boolean counts = rate.group(1).equals("rate") || rate.group(1).equals("increase");
      @Nullable Family family = series.get(rate.group(2));
      boolean counter = family == null || !family.type().equals("gauge");
      assertThat(counter).as("%s: %s of a counter", expr, rate.group(1)).isEqualTo(counts);
    }
    long open = expr.chars().filter(c -> c == '(').count();
    assertThat(expr.chars().filter(c -> c == ')').count()).as(expr).isEqualTo(open);
  }

  /** A sum keeps only the labels that it names. */
  private static void namesOnlyWhatIsKept(String expr, String text) {
    var kept = new TreeSet<String>();
    BY.matcher(expr).results().forEach(by -> kept.addAll(List.of(by.group(1).split(",\\s*"))));
    assertThat(LEGEND.matcher(text).results().map(it -> it.group(1))).as(expr).isSubsetOf(kept);
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(Repository.root().resolve("helm/dunlin/files/dashboard.json")));
  }

  private static List<JsonNode> alerts() throws IOException {
    JsonNode file =
        Serialization.unmarshal(
            Files.readString(Repository.root().resolve("helm/dunlin/files/alerts.yaml")),
            JsonNode.class);
    var rules = new ArrayList<JsonNode>();
    for (JsonNode group : file.required("groups")) {
      assertThatCode(() -> group.required("name")).doesNotThrowAnyException();
      group.required("rules").forEach(rules::add);
    }
    return rules;
  }
}
