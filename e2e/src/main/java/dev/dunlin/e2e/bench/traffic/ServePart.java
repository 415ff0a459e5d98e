package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.child.Child;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.house.HttpCall;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests a second, of one server after another, round after round: the agent, {@code wasmtime
 * serve}, and plain handlers without WebAssembly.
 */
final class ServePart {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String REUSE = "1000";
  private static final String PATH = "/hello";
  private static final String PLAIN_JAVA = "helidon";

  /** A JVM compiles its code while it runs, and is given time for that. */
  private record Server(String name, String url, long pid, boolean jvm) {}

  private final Plan plan;
  private final ControlPlane controlPlane;
  private final Oha oha;
  private final List<Server> servers = new ArrayList<>();
  private final List<Child> children = new ArrayList<>();

  ServePart(Plan plan, ControlPlane controlPlane) {
    this.plan = plan;
    this.controlPlane = controlPlane;
    this.oha = new Oha(plan.oha());
  }

  Map<String, Object> measure() throws IOException, InterruptedException {
    Path log = Files.createTempFile("dunlin-traffic-", ".log");
    try (var node = AgentNode.start(controlPlane, "serve", "1g")) {
      begin(node, log);
      node.awaitReady();
      node.awaitCompiled();
      for (Server server : servers) awaitAnswer(server, log);
      for (Server server : servers) {
        int seconds = server.jvm() ? plan.warmUpSeconds() : 1;
        oha.flatOut(server.url(), Duration.ofSeconds(seconds), plan.connections());
      }
      return rounds();
    } finally {
      children.forEach(Child::close);
      Files.deleteIfExists(log);
    }
  }

  private void begin(AgentNode node, Path log) throws IOException {
    String rust = Variants.of(node.registry(), "rust", plan.rust()).image(0);
    ours("dunlin rust", node.give(rust, ""), node);
    wasmtime("wasmtime serve rust", plan.rust(), "1", log);
    ours("dunlin rust, reused", node.give(rust, "\"reuse\": " + REUSE), node);
    wasmtime("wasmtime serve rust, reused", plan.rust(), REUSE, log);
    if (plan.js() != null) {
      String js = Variants.of(node.registry(), "js", plan.js()).image(0);
      ours("dunlin js", node.give(js, ""), node);
      wasmtime("wasmtime serve js", plan.js(), "1", log);
    }
    int port = Ports.free();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    start(
        PLAIN_JAVA,
        port,
        log,
        List.of(
            java,
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            PlainHelidon.class.getName(),
            String.valueOf(port)));
    if (plan.node() != null) {
      port = Ports.free();
      start(
          "node",
          port,
          log,
          List.of(plan.node().toString(), plan.nodeServer().toString(), String.valueOf(port)));
    }
  }

  private void ours(String name, App app, AgentNode node) {
    servers.add(new Server(name, app.url(PATH), node.pid(), true));
  }

  /** By default it, too, makes an instance a request of a component of WASI 0.2. */
  private void wasmtime(String name, Path module, String reuse, Path log) {
    int port = Ports.free();
    start(
        name,
        port,
        log,
        List.of(
            plan.wasmtime().toString(),
            "serve",
            "-S",
            "cli=y",
            "--addr",
            "127.0.0.1:" + port,
            "--max-instance-reuse-count",
            reuse,
            "--max-instance-concurrent-reuse-count",
            "1",
            module.toString()));
  }

  private void start(String name, int port, Path log, List<String> command) {
    var child = Child.start(name, command, Map.of(), log);
    children.add(child);
    servers.add(
        new Server(name, "http://127.0.0.1:" + port + PATH, child.pid(), name.equals(PLAIN_JAVA)));
  }

  private void awaitAnswer(Server server, Path log) {
    var url = URI.create(server.url());
    Await.until(
        server.name() + " answers",
        PATIENCE,
        () -> {
          if (ProcessHandle.of(server.pid()).isEmpty())
            throw new IllegalStateException(server.name() + " has ended, see " + log);
          try {
            return HttpCall.get(PATH).send(url.getHost(), url.getPort()).status() == 200;
          } catch (IOException notYet) {
            return false;
          }
        },
        () -> "no answer");
  }

  private Map<String, Object> rounds() throws InterruptedException {
    var found = new LinkedHashMap<String, Object>();
    for (int round = 0; round < plan.rounds(); round++) {
      for (Server server : servers) {
        Duration before = AgentNode.cpu(server.pid());
        var load =
            oha.flatOut(server.url(), Duration.ofSeconds(plan.seconds()), plan.connections());
        Duration cpu = AgentNode.cpu(server.pid()).minus(before);
        var series = series(found, server.name());
        add(series, "per_second", load.perSecond());
        add(series, "p50_ms", load.p50());
        add(series, "p99_ms", load.p99());
        add(series, "cpu_us", cpu.toNanos() / 1e3 / load.answers());
        add(series, "rss_kib", AgentNode.kib(server.pid(), "VmRSS"));
        TrafficBench.say("%s: %.0f a second", server.name(), load.perSecond());
      }
    }
    return found;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, List<Number>> series(Map<String, Object> found, String name) {
    return (Map<String, List<Number>>)
        found.computeIfAbsent(name, it -> new LinkedHashMap<String, List<Number>>());
  }

  private static void add(Map<String, List<Number>> series, String what, Number value) {
    series.computeIfAbsent(what, it -> new ArrayList<>()).add(value);
  }
}
