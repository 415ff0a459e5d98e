package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logs as a user reads them: kubectl, a real API server, the operator and an agent. */
@OnRealApiServer(controllers = true)
class LogsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PORT = Ports.free();

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static Program agent;

  @SuppressWarnings("NullAway.Init")
  private static Program operator;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl home;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    home = kubectl;
    house = House.over(controlPlane, kubectl.namespace());
    house
        .registry()
        .pushModule(
            "dunlin/ticker:1.0",
            Files.readAllBytes(Repository.root().resolve("examples/ticker/app.wasm")));
    operator = house.operator("--aggregated-api-port=" + PORT);
    // It is killed and comes back: nobody is to replace its instances meanwhile.
    agent = house.agent(kubectl.namespace() + "-a", "--lease-duration-seconds=120");
    kubectl.inNamespace(house.systemNamespace()).apply(serviceOnThisMachine(setUp()));
    house.startAll();
    await().atMost(PATIENCE).until(LogsTest::isRegistered);
    kubectl.run(
        "apply", "-f", Repository.root().resolve("examples/ticker/wasmapp.yaml").toString());
    kubectl.run("patch", "wasmapp", "ticker", "--type=merge", "-p={\"spec\":{\"replicas\":2}}");
    await()
        .atMost(PATIENCE)
        .until(() ->
            kubectl
                .run("get", "wasmapp", "ticker", "-o", "jsonpath={.status.readyReplicas}")
                .equals("2"));
  }

  @AfterAll
  static void moveOut() {
    home.call("", "delete", "wasmapp/ticker", "--timeout=60s");
    house.close();
  }

  private static boolean isRegistered() {
    return home.call(
            "",
            "get",
            "apiservice",
            "v1alpha1.logs.dunlin.dev",
            "-o",
            "jsonpath={.status.conditions[?(@.type=='Available')].status}")
        .out()
        .equals("True");
  }

  /** The YAML in docs/logs.md that sets it up, for this house's namespace. */
  private static String setUp() throws IOException {
    String page = Files.readString(Repository.root().resolve("docs/logs.md"));
    return Pattern.compile("```yaml\n(apiVersion: v1\nkind: Service\n.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow()
        .replace("dunlin-system", house.systemNamespace());
  }

  /** No Pods, no cluster addresses: the Service leads to this machine. */
  private static String serviceOnThisMachine(String yaml) {
    return yaml.replace(
            "selector: {app.kubernetes.io/name: dunlin-operator}",
            "type: ExternalName\n  externalName: localhost")
        .replace("port: 443, targetPort: 8443", "port: " + PORT);
  }

  @Test
  void theLogOfAnAppIsThatOfItsInstancesInTheOrderOfTheirTimes() {
    await().atMost(PATIENCE).until(() -> log("wasmapps/ticker", "").lines().count() > 6);

    List<String> names = instances();
    assertThat(log("wasmapps/ticker", "?tailLines=2").lines().toList())
        .hasSize(4)
        .allSatisfy(line -> assertThat(line).matches("\\[ticker-.*] tock.* \\d+"))
        .extracting(line -> line.replaceAll("\\[(.*)].*", "$1"))
        .containsAll(names);
    assertThat(log("wasmapps/ticker", "?timestamps=true&prefix=false").lines().toList())
        .isSorted()
        .allSatisfy(line -> assertThat(line).matches("20\\d\\d-.*Z tock.* \\d+"));
    assertThat(log("wasmapps/ticker", "?instance=" + names.getFirst() + "&limitBytes=4"))
        .isEqualTo("tock");
  }

  @Test
  void followingShowsLinesAsTheyAreWritten() throws Exception {
    Process kubectl = follow("wasmapps/ticker", "&tailLines=1");
    try (BufferedReader out = kubectl.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = IntStream.range(0, 6).mapToObj(i -> line(out)).toList();

      for (String name : instances()) {
        List<Integer> counts =
            lines.stream()
                .filter(line -> line.startsWith("[" + name + "] tock "))
                .map(line -> Integer.valueOf(line.replaceAll(".* ", "")))
                .toList();
        assertThat(counts)
            .as("of %s in %s", name, lines)
            .isNotEmpty()
            .isEqualTo(
                IntStream.range(0, counts.size()).mapToObj(i -> counts.getFirst() + i).toList());
      }
    } finally {
      kubectl.destroy();
    }
    await()
        .atMost(PATIENCE)
        .until(() -> agent.admin("/metrics").text().contains("dunlin_agent_log_readers 0.0"));
  }

  @Test
  void aLogOutlivesItsAgentAndFollowingGoesOnAfterIt() throws Exception {
    String name = instances().getFirst();
    Process kubectl = follow("wasminstances/" + name, "");
    try (BufferedReader out = kubectl.inputReader(StandardCharsets.UTF_8)) {
      assertThat(line(out)).startsWith("tock");

      agent.kill();
      agent.start();

      await().atMost(PATIENCE).until(() -> line(out).startsWith("tock: going on after"));
      long kept = count("tock (\\d+)\n\\z", log("wasminstances/" + name, "?previous=true"));
      long goneOn = count("\\Atock: going on after (\\d+)\n", log("wasminstances/" + name, ""));
      assertThat(goneOn).as("counted before it is printed").isBetween(kept, kept + 2);
    } finally {
      kubectl.destroy();
    }
  }

  private static long count(String pattern, String log) {
    return Pattern.compile(pattern)
        .matcher(log)
        .results()
        .map(match -> Long.valueOf(match.group(1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + pattern + " in " + log));
  }

  @Test
  void followingAJobShowsAllOfItAndEndsWithIt() throws Exception {
    house.registry().pushModule("dunlin/told:1.0", Modules.told());
    home.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: errand}
        spec:
          image: registry.example.com/dunlin/told:1.0
          job: {completions: 2}
          args: [say begun, sleep 1000, say done]
        """);

    Process kubectl = follow("wasmapps/errand", "");
    try (BufferedReader out = kubectl.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines =
          CompletableFuture.supplyAsync(() -> out.lines().toList())
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(kubectl.waitFor()).isZero();
      assertThat(lines).allMatch(line -> line.startsWith("[errand-"));
      assertThat(lines.stream().map(line -> line.replaceAll("\\[.*] ", "")))
          .containsExactlyInAnyOrder("begun", "done", "begun", "done");
    } finally {
      kubectl.destroy();
    }
    home.run("delete", "wasmapp/errand", "--timeout=60s");
  }

  @Test
  void aLogIsBoundedOnTheDiskAndRotatedAndTheRunBeforeIsKept() throws IOException {
    int fileBytes = 32 << 10;
    String node = home.namespace() + "-small";
    Program small =
        house
            .agent(
                node, "--node-label=log=small", "--log-max-size=" + fileBytes, "--log-max-files=2")
            .start();
    house.registry().pushModule("dunlin/told:1.0", Modules.told());
    home.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: text}
        data: {lines: "%s"}
        ---
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: writer}
        spec:
          image: registry.example.com/dunlin/told:1.0
          worker: {}
          nodeSelector: {log: small}
          args: [get /text/lines, count /own/runs, exit 3]
          volumes: [{name: text, configMap: {name: text}}, {name: own, emptyDir: {}}]
          volumeMounts: [{name: text, mountPath: /text}, {name: own, mountPath: /own}]
        """
            .formatted(
                IntStream.rangeClosed(1, 3000)
                    .mapToObj("line %d\\n"::formatted)
                    .collect(Collectors.joining())));
    await()
        .atMost(PATIENCE)
        .until(() ->
            home.run(
                    "get",
                    "wasminstances",
                    "-l",
                    "dunlin.dev/app=writer",
                    "-o",
                    "jsonpath={.items[*].status.restarts}")
                .matches("[1-9]\\d*"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          int now = runs("");
          assertThat(runs("&previous=true")).isEqualTo(now - 1);
        });

    List<String> all =
        log("wasmapps/writer", "?previous=true&timestamps=true&prefix=false").lines().toList();
    List<Integer> numbers =
        all.stream()
            .filter(line -> line.contains(" line "))
            .map(line -> Integer.valueOf(line.replaceAll(".* line ", "")))
            .toList();
    assertThat(numbers.getFirst()).as("the beginning is gone").isGreaterThan(1);
    assertThat(numbers)
        .hasSizeGreaterThan(100)
        .isEqualTo(IntStream.rangeClosed(numbers.getFirst(), 3000).boxed().toList());
    assertThat(logFiles(node))
        .hasSizeBetween(2, 4) // of two runs
        .allSatisfy(file -> assertThat(Files.size(file)).isBetween(1L, fileBytes + 1024L));
    String since = all.get(all.size() / 2).replaceAll(" .*", "");
    assertThat(
            log("wasmapps/writer", "?previous=true&timestamps=true&prefix=false&sinceTime=" + since)
                .lines()
                .toList())
        .isEqualTo(all.stream().filter(line -> line.compareTo(since) >= 0).toList());
    assertThat(log("wasmapps/writer", "?previous=true&sinceSeconds=3600&tailLines=2").lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("\\[writer-.*] line 3000");

    home.run("delete", "wasmapp/writer", "--timeout=60s");
    assertThat(small.stop()).isTrue();
  }

  /** What the last line says of how often the command has begun. */
  private static int runs(String query) {
    String last = log("wasmapps/writer", "?prefix=false&tailLines=1" + query).strip();
    assertThat(last).startsWith("begun ");
    return Integer.parseInt(last.replace("begun ", ""));
  }

  private static List<Path> logFiles(String node) throws IOException {
    try (Stream<Path> files = Files.walk(house.folder().resolve(node))) {
      return files
          .filter(file -> file.toString().contains("/writer-"))
          .filter(file -> file.toString().endsWith(".log"))
          .toList();
    }
  }

  @Test
  void whoMayNotReadLogsDoesNot() {
    home.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: read-logs}
        rules: [{apiGroups: [logs.dunlin.dev], resources: [wasmapps/log], verbs: [get]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: read-logs}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: read-logs}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ada}]
        """);

    var ada = home.call("", "--as=ada", "get", "--raw", path("wasmapps/ticker") + "?tailLines=1");
    var eve = home.call("", "--as=eve", "get", "--raw", path("wasmapps/ticker"));
    var adaElsewhere =
        home.call("", "--as=ada", "get", "--raw", path("wasminstances/" + instances().getFirst()));

    assertThat(ada.out()).as(ada.err()).contains("tock");
    assertThat(eve.err()).contains("(Forbidden)").contains("wasmapps");
    assertThat(adaElsewhere.err()).contains("(Forbidden)");
  }

  @Test
  void nobodyButTheApiServerMaySayWhoAsks() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(AnyServer.context()).build()) {
      var spoofed =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + PORT + path("wasmapps/ticker")))
              .header("X-Remote-User", "system:admin")
              .header("X-Remote-Group", "system:masters")
              .build();

      HttpResponse<String> answer = client.send(spoofed, HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"kind\":\"Status\"").doesNotContain("tock");
    }
  }

  @Test
  void whatCannotBeGivenIsSaidAsTheApiServerSaysIt() {
    assertThat(refusal("wasmapps/none", "")).contains("(NotFound)").contains("\"none\" not found");
    assertThat(refusal("wasminstances/none", "")).contains("(NotFound)");
    assertThat(refusal("wasmapps/ticker", "?tailLines=few"))
        .contains("(BadRequest)")
        .contains("tailLines: expected a number of 0 or more, found \"few\"");
    assertThat(refusal("wasmapps/ticker", "?instance=other"))
        .contains("app ticker has no instance other");
  }

  @Test
  void discoveryAndMetricsKnowOfIt() throws Exception {
    assertThat(home.run("get", "--raw", "/apis/logs.dunlin.dev/v1alpha1"))
        .contains("\"wasmapps/log\"")
        .contains("\"wasminstances/log\"");
    assertThat(home.run("get", "wasmapps", "-o", "name"))
        .as("the name still means dunlin.dev's")
        .contains("wasmapp.dunlin.dev/ticker");
    var _ = log("wasmapps/ticker", "?tailLines=1");
    assertThat(operator.admin("/metrics").text())
        .contains("dunlin_aggregated_requests_total{group=\"logs.dunlin.dev\",status=\"200\"}");
    assertThat(agent.admin("/metrics").text())
        .contains("dunlin_agent_logs %d.0".formatted(logFolders()))
        .contains("dunlin_agent_log_requests_total{status=\"200\"}");
  }

  /** Of instances that are there, and of those that were there a short while ago. */
  private static long logFolders() throws IOException {
    Path logs = house.folder().resolve(home.namespace() + "-a/logs").resolve(home.namespace());
    try (Stream<Path> folders = Files.list(logs)) {
      long count = folders.count();
      assertThat(count).isGreaterThanOrEqualTo(2);
      return count;
    }
  }

  private static List<String> instances() {
    return home.run(
            "get",
            "wasminstances",
            "-l",
            "dunlin.dev/app=ticker",
            "-o",
            "jsonpath={range .items[*]}{.metadata.name}{'\\n'}{end}")
        .lines()
        .toList();
  }

  private static String path(String what) {
    return "/apis/logs.dunlin.dev/v1alpha1/namespaces/" + home.namespace() + "/" + what + "/log";
  }

  private static String log(String what, String query) {
    return home.run("get", "--raw", path(what) + query);
  }

  private static String refusal(String what, String query) {
    return home.call("", "get", "--raw", path(what) + query).err();
  }

  private static Process follow(String what, String query) throws IOException {
    return new ProcessBuilder(
            home.binary().toString(),
            "--kubeconfig=" + home.kubeconfig(),
            "get",
            "--raw",
            path(what) + "?follow=true" + query)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(BufferedReader from) {
    try {
      String line = from.readLine();
      if (line == null) throw new IllegalStateException("expected a further line, found the end");
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
