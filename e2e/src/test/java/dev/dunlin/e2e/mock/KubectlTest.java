package dev.dunlin.e2e.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.KubernetesBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kubectl against the API server in memory. */
final class KubectlTest {
  private static final String WIDGET =
      """
      apiVersion: example.dev/v1
      kind: Widget
      metadata: {name: one}
      spec: {colour: red, nodeName: a}
      """;

  private final MockApiServer server;
  private final Kubectl kubectl;

  KubectlTest(@TempDir Path folder) throws IOException {
    var binaries = KubernetesBinaries.find();
    Assumptions.assumeTrue(binaries.isPresent(), KubernetesBinaries::whatIsMissing);
    server = MockApiServer.start();
    Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
    Path binary = binaries.orElseThrow().folder().resolve("kubectl");
    kubectl = new Kubectl(binary, kubeconfig, "default");
  }

  @BeforeEach
  void withTheWidgetKind() throws IOException {
    try (var crd = KubectlTest.class.getResourceAsStream("/mock/widgets.yaml")) {
      kubectl.apply(
          new String(
              Objects.requireNonNull(crd).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void appliesAndShowsColumnsAndSaysWhenNothingChanged() {
    assertThat(kubectl.apply(WIDGET)).contains("widget.example.dev/one created");
    assertThat(kubectl.apply(WIDGET)).contains("widget.example.dev/one unchanged");
    assertThat(kubectl.run("get", "wd").lines().findFirst().orElse(""))
        .matches("NAME +READY +REPLICAS +AGE");
    assertThat(kubectl.run("get", "wd", "-o", "wide")).contains("NODE");
    assertThat(kubectl.run("get", "all")).contains("widget.example.dev/one");
  }

  @Test
  void refusesWhatTheSchemaRefuses() {
    var answer = kubectl.call(WIDGET.replace("red", "mauve"), "apply", "-f", "-");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("spec.colour").contains("mauve");
  }

  @Test
  void scalesWaitsDescribesAndDeletes() {
    kubectl.apply(WIDGET);

    assertThat(kubectl.run("scale", "wd", "one", "--replicas=3")).contains("scaled");
    assertThat(kubectl.run("wait", "--for=jsonpath={.spec.replicas}=3", "wd/one", "--timeout=20s"))
        .contains("condition met");
    assertThat(kubectl.run("describe", "wd", "one")).contains("Colour").contains("Events:");
    assertThat(kubectl.run("delete", "wd", "one", "--timeout=20s")).contains("deleted");
    assertThat(kubectl.call("", "get", "wd", "one").err()).contains("NotFound");
  }

  @Test
  void appliesOnTheServerSideAndExplains() {
    assertThat(kubectl.call(WIDGET, "apply", "--server-side", "-f", "-").out())
        .contains("serverside-applied");
    assertThat(kubectl.call(WIDGET, "diff", "--server-side", "-f", "-").exitCode()).isZero();
    assertThat(kubectl.run("explain", "widget.spec.colour")).contains("<string>");
  }

  @Test
  void protobufIsRefusedWithAWayOut() {
    var answer = kubectl.call("", "create", "namespace", "made-by-protobuf");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("kubectl apply -f");
  }
}
