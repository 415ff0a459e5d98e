package dev.dunlin.e2e.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person at a terminal gets from the CRDs alone. */
@OnRealApiServer
class KubectlTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String APP =
      """
      apiVersion: dunlin.dev/v1alpha1
      kind: WasmApp
      metadata: {name: hello}
      spec: {image: "registry.example/hello:1", replicas: 2}
      """;

  @Test
  void getShowsHowAnAppDoes(Kubectl kubectl) {
    kubectl.apply(APP);
    status(
        kubectl,
        "wasmapp/hello",
        """
        {"readyReplicas":1,"replicas":2,"revision":"5d4f9","url":"http://hello.demo.svc","conditions":[
          {"type":"Ready","status":"False","reason":"InstancesNotReady","message":"1 of 2 instances are ready"}]}
        """);

    var shown = rows(kubectl.run("get", "wapp"));
    var wide = kubectl.run("get", "wapp", "-o", "wide");

    assertThat(shown.getFirst())
        .containsExactly("NAME", "READY", "DESIRED", "STATUS", "URL", "AGE");
    assertThat(shown.get(1))
        .startsWith("hello", "1", "2", "InstancesNotReady", "http://hello.demo.svc");
    assertThat(wide).contains("registry.example/hello:1", "5d4f9", "1 of 2 instances are ready");
  }

  @Test
  void getShowsWhereAnInstanceRuns(Kubectl kubectl) {
    kubectl.apply(instance("hello-5d4f9-abcde", "node-a"));
    status(
        kubectl,
        "wasminstance/hello-5d4f9-abcde",
        """
        {"phase":"Running","ready":true,"restarts":3,"conditions":[
          {"type":"Ready","status":"True","reason":"Serving","message":"serves on port 20000"}]}
        """);

    var shown = rows(kubectl.run("get", "winst"));

    assertThat(shown.getFirst())
        .containsExactly("NAME", "APP", "READY", "PHASE", "REASON", "RESTARTS", "NODE", "AGE");
    assertThat(shown.get(1))
        .startsWith("hello-5d4f9-abcde", "hello", "true", "Running", "Serving", "3", "node-a");
  }

  @Test
  void getShowsWhatANodeOffers(Kubectl kubectl) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmNode
        metadata: {name: columns}
        spec: {unschedulable: true}
        """);
    status(
        kubectl,
        "wasmnode/columns",
        """
        {"address":"192.0.2.7","agentVersion":"0.1.0","engine":{"name":"jvm","version":"1.0.0"},
         "allocatable":{"memory":"2Gi","instances":1000},
         "conditions":[{"type":"Ready","status":"True","reason":"LeaseRenewed","message":"alive"}]}
        """);

    var shown = rows(kubectl.run("get", "wnode", "columns"));

    assertThat(shown.getFirst())
        .containsExactly(
            "NAME",
            "READY",
            "UNSCHEDULABLE",
            "ADDRESS",
            "MEMORY",
            "INSTANCES",
            "ENGINE",
            "VERSION",
            "AGE");
    assertThat(shown.get(1))
        .startsWith("columns", "True", "true", "192.0.2.7", "2Gi", "1000", "jvm", "0.1.0");
  }

  @Test
  void getAllListsAppsButNotTheirInstances(Kubectl kubectl) {
    kubectl.apply(APP);
    kubectl.apply(instance("hello-1-abcde", "node-a"));

    assertThat(kubectl.run("get", "all", "-o", "name"))
        .contains("wasmapp.dunlin.dev/hello")
        .doesNotContain("wasminstance");
    assertThat(kubectl.run("get", "wasm", "-o", "name"))
        .contains("wasmapp.dunlin.dev/hello", "wasminstance.dunlin.dev/hello-1-abcde");
  }

  @Test
  void explainKnowsEveryField(Kubectl kubectl) {
    assertThat(kubectl.run("explain", "wasmapp"))
        .contains("A WebAssembly app: what to run, how often, and with what.");
    assertThat(kubectl.run("explain", "wasmapp.spec.http"))
        .contains("maxConcurrency", "Seconds that one request may take");
    assertThat(kubectl.run("explain", "wasmapp", "--recursive"))
        .contains("configMapKeyRef", "terminationGracePeriodSeconds");
  }

  @Test
  void scaleChangesTheReplicasOfAnApp(Kubectl kubectl) {
    kubectl.apply(APP);

    kubectl.run("scale", "wasmapp", "hello", "--replicas=5");

    assertThat(kubectl.run("get", "wasmapp", "hello", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("5");
  }

  @Test
  void fieldSelectorsFindTheInstancesOfANodeAndOfAnApp(Kubectl kubectl) {
    kubectl.apply(instance("hello-1-aaaaa", "node-a"));
    kubectl.apply(instance("hello-1-bbbbb", "node-b"));

    assertThat(kubectl.run("get", "winst", "-o", "name", "--field-selector=spec.nodeName=node-b"))
        .isEqualToIgnoringNewLines("wasminstance.dunlin.dev/hello-1-bbbbb");
    assertThat(
            rows(kubectl.run("get", "winst", "-o", "name", "--field-selector=spec.appName=hello")))
        .hasSize(2);
  }

  @Test
  void anInstanceCannotBeChanged(Kubectl kubectl) {
    kubectl.apply(instance("hello-1-aaaaa", "node-a"));

    var answer = kubectl.call(instance("hello-1-aaaaa", "node-b"), "apply", "-f", "-");

    assertThat(answer.ok()).isFalse();
    assertThat(answer.err()).contains("is immutable: a changed app gets new instances");
  }

  @Test
  void anInstanceTakesLabelsAndFinalizersAllTheSame(Kubectl kubectl) {
    kubectl.apply(instance("hello-1-aaaaa", "node-a"));

    kubectl.run("label", "winst", "hello-1-aaaaa", "team=a");

    assertThat(kubectl.run("get", "winst", "-l", "team=a", "-o", "name")).contains("hello-1-aaaaa");
  }

  @Test
  void theSpecDoesNotWriteTheStatus(Kubectl kubectl) {
    kubectl.apply(APP + "status: {readyReplicas: 7}\n");

    assertThat(kubectl.run("get", "wasmapp", "hello", "-o", "jsonpath={.status.readyReplicas}"))
        .isEmpty();
  }

  @Test
  void aTypoIsRefused(Kubectl kubectl) {
    var answer =
        kubectl.call(APP.replace("replicas", "replica"), "apply", "--validate=strict", "-f", "-");

    assertThat(answer.ok()).isFalse();
    assertThat(answer.err()).contains("unknown field \"spec.replica\"");
  }

  private static String instance(String name, String node) {
    return """
    apiVersion: dunlin.dev/v1alpha1
    kind: WasmInstance
    metadata: {name: %s}
    spec:
      appName: hello
      revision: 5d4f9
      nodeName: %s
      image: registry.example/hello@%s
      http: {port: 20000, timeoutSeconds: 30, maxConcurrency: 16}
    """
        .formatted(name, node, DIGEST);
  }

  private static void status(Kubectl kubectl, String object, String json) {
    kubectl.run(
        "patch", object, "--subresource=status", "--type=merge", "-p", "{\"status\":" + json + "}");
  }

  private static List<List<String>> rows(String table) {
    return table.lines().map(line -> Arrays.asList(line.strip().split(" +"))).toList();
  }
}
