package dev.dunlin.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart renders. Each folder of {@code src/test/resources/chart} has values and what they
 * change: {@code mvn -pl e2e test -Dtest=ChartTest -Ddunlin.generate=true} writes the latter.
 */
class ChartTest {
  private static final Chart CHART = Chart.ofThisTree();
  private static final Path CASES = Repository.root().resolve("e2e/src/test/resources/chart");

  @Test
  void itPassesHelmsStrictLint() {
    var found = CHART.lint();

    assertThat(found.isFailed()).as(String.join("\n", found.getMessages())).isFalse();
    assertThat(found.getMessages()).noneMatch(line -> line.contains("WARNING"));
  }

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesGiveWhatIsExpected(Path folder) throws IOException {
    Path expected = folder.resolve("out.yaml");
    String rendered =
        Rendered.of(CHART, List.of(folder.resolve("values.yaml"))).besides(without(folder));
    if (Boolean.getBoolean("dunlin.generate")) Files.writeString(expected, rendered);

    assertThat(rendered).isEqualTo(Files.readString(expected));
  }

  /** What the case is compared with: the first one stands for itself. */
  private static Rendered without(Path folder) {
    return folder.endsWith("default") ? Rendered.NOTHING : Rendered.of(CHART, List.of());
  }

  @Test
  void crdsAreThoseOfThisTreeAndAreKept() throws IOException {
    var rendered = Rendered.of(CHART, List.of());

    for (Path file : Repository.crdFiles()) {
      var made = crd(Files.readString(file));
      JsonNode crd = rendered.object("CustomResourceDefinition", made.getMetadata().getName());
      assertThat(crd(crd.toString()).getSpec()).isEqualTo(made.getSpec());
      assertThat(crd.at("/metadata/annotations/helm.sh~1resource-policy").asText())
          .isEqualTo("keep");
      assertThat(crd.at("/metadata/labels/app.kubernetes.io~1part-of").asText())
          .isEqualTo("dunlin");
    }
  }

  @Test
  void crdsCanBeLeftToSomebodyElseOrGoWithTheRelease(@TempDir Path folder) throws IOException {
    Path values = folder.resolve("values.yaml");

    Files.writeString(values, "crds: {install: false}");
    assertThat(CHART.template(List.of(values))).doesNotContain("CustomResourceDefinition");
    Files.writeString(values, "crds: {keep: false}");
    assertThat(CHART.template(List.of(values)))
        .contains("CustomResourceDefinition")
        .doesNotContain("helm.sh/resource-policy");
  }

  @Test
  void dashboardAndAlertsAreTheFilesOfTheChart(@TempDir Path folder) throws IOException {
    Path values = folder.resolve("values.yaml");
    Files.writeString(
        values, "metrics: {dashboards: {enabled: true}, prometheusRule: {enabled: true}}");

    var rendered = Rendered.of(CHART, List.of(values));

    String dashboard =
        rendered.object("ConfigMap", "dunlin-dashboards").at("/data/dunlin.json").asText();
    assertThat(new ObjectMapper().readTree(dashboard))
        .isEqualTo(
            new ObjectMapper().readTree(CHART.folder().resolve("files/dashboard.json").toFile()));
    assertThat(rendered.object("PrometheusRule", "dunlin").get("spec"))
        .isEqualTo(yaml(Files.readString(CHART.folder().resolve("files/alerts.yaml"))));
  }

  @Test
  void valuesThatMakeNoSenseAreRefusedWithTheirPlace(@TempDir Path folder) throws IOException {
    Path values = folder.resolve("values.yaml");
    for (var refusal :
        List.of(
            List.of("agent: {engine: fast}", "/agent/engine"),
            List.of("agnet: {}", "agnet"),
            List.of("appPorts: some", "/appPorts"),
            List.of("agent: {cacheSize: 10 GB}", "/agent/cacheSize"),
            List.of("operator: {replicas: -1}", "/operator/replicas"),
            List.of("metricsApi: {custom: true}", "/metricsApi/custom"),
            List.of("agent: {data: {hostPath: var/lib}}", "/agent/data/hostPath"),
            List.of("operator: {image: {digest: latest}}", "/operator/image/digest"),
            List.of("agent: {data: {hostPath: /data}}", "two agents cannot share"))) {
      Files.writeString(values, refusal.getFirst());

      assertThatThrownBy(() -> CHART.template(List.of(values)))
          .as(refusal.getFirst())
          .hasMessageContaining(refusal.getLast());
    }
  }

  private static CustomResourceDefinition crd(String text) {
    return Serialization.unmarshal(text, CustomResourceDefinition.class);
  }

  private static JsonNode yaml(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }
}
