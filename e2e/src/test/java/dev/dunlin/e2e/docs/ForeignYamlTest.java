package dev.dunlin.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** YAML for programs of others: in their words, as their sources have them. */
class ForeignYamlTest {
  /** YAML of the pages that is nobody's object, by its keys. */
  private static final Set<Set<String>> FILES = Set.of(Set.of("scrape_configs"));

  /** KEDA 2.18: apis/keda/v1alpha1/scaledobject_types.go, as far as the example goes. */
  record ScaledObject(String apiVersion, String kind, Metadata metadata, Spec spec) {
    record Metadata(String name, String namespace) {}

    record Target(String apiVersion, String kind, String name) {}

    record Spec(
        Target scaleTargetRef, int minReplicaCount, int maxReplicaCount, List<Trigger> triggers) {}

    record Trigger(String type, String metricType, Map<String, String> metadata) {}
  }

  /** Prometheus adapter 0.12: pkg/config/config.go. */
  record AdapterRules(List<Rule> rules) {
    record Rule(String seriesQuery, Resources resources, Name name, String metricsQuery) {}

    record Resources(Map<String, GroupResource> overrides) {}

    record GroupResource(@Nullable String group, String resource) {}

    record Name(@Nullable String matches, String as) {}
  }

  @Test
  void everySnippetIsCheckedSomewhere() throws IOException {
    assertThat(Snippet.all())
        .allMatch(snippet ->
            snippet.isKnown()
                || snippet.isForeign()
                || snippet.isPartOfAnApp()
                || FILES.contains(snippet.keys())
                || snippet.where().startsWith("examples/autoscaling/prometheus-adapter")
                || HelmValues.areIn(snippet));
  }

  @Test
  void kedaIsToldOfAnAppAndAsksPrometheusForOneNumberForEachInstance() throws IOException {
    ScaledObject object = read("keda-scaledobject.yaml", ScaledObject.class);

    assertThat(object.apiVersion()).isEqualTo("keda.sh/v1alpha1");
    assertThat(object.kind()).isEqualTo("ScaledObject");
    var target = object.spec().scaleTargetRef();
    assertThat(target.apiVersion() + " " + target.kind()).isEqualTo("dunlin.dev/v1alpha1 WasmApp");
    assertThat(object.spec().minReplicaCount())
        .isPositive() // KEDA's way to zero would need its own way back
        .isLessThanOrEqualTo(object.spec().maxReplicaCount());
    ScaledObject.Trigger trigger = object.spec().triggers().getFirst();
    assertThat(object.spec().triggers()).hasSize(1);
    assertThat(trigger.type()).isEqualTo("prometheus");
    assertThat(trigger.metricType()).isEqualTo("AverageValue");
    assertThat(trigger.metadata()).containsOnlyKeys("serverAddress", "query", "threshold");
    assertThat(Double.parseDouble(trigger.metadata().getOrDefault("threshold", ""))).isPositive();
    assertThat(trigger.metadata().get("query"))
        .contains("app=\"" + target.name() + "\"", "namespace=\"" + object.metadata().namespace());
  }

  @Test
  void theAdapterHasARuleForEachMetricUnderTheNameThatDunlinGivesIt() throws IOException {
    AdapterRules adapter = read("prometheus-adapter.yaml", AdapterRules.class);

    assertThat(adapter.rules())
        .extracting(rule -> rule.name().as())
        .containsExactlyInAnyOrderElementsOf(metricsOfApps());
    for (AdapterRules.Rule rule : adapter.rules()) {
      String name = rule.name().as();
      assertThat(rule.metricsQuery()).as(name).contains("<<.Series>>", "<<.LabelMatchers>>");
      assertThat(rule.metricsQuery()).as(name).containsPattern("by \\((le, )?<<\\.GroupBy>>\\)");
      assertThat(rule.resources().overrides().keySet())
          .as(name)
          .containsExactlyInAnyOrder("namespace", "app");
      assertThat(rule.resources().overrides().get("app"))
          .as(name)
          .isEqualTo(new AdapterRules.GroupResource("dunlin.dev", "wasmapp"));
      assertThat(open(rule.metricsQuery())).as(name).isZero();
    }
  }

  /** The first column of the page's table. */
  private static List<String> metricsOfApps() throws IOException {
    String page = Files.readString(Repository.root().resolve("docs/autoscaling.md"));
    return page.substring(
            page.indexOf("| metric | of the whole app |"), page.indexOf("All instances and"))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("`", 3)[1])
        .toList();
  }

  private static long open(String query) {
    return query.chars().filter(c -> c == '(').count()
        - query.chars().filter(c -> c == ')').count();
  }

  /** Strictly: a field that is not there is a fault. */
  private static <T> T read(String file, Class<T> type) throws IOException {
    String yaml = Files.readString(Repository.root().resolve("examples/autoscaling").resolve(file));
    JsonNode tree = Serialization.unmarshal(yaml, JsonNode.class);
    return YAMLMapper.builder()
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build()
        .treeToValue(tree, type);
  }
}
