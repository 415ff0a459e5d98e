package dev.dunlin.e2e.bench.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.KubernetesBinaries;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.oci.testing.InMemoryRegistry;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One operator, one real API server, many simulated nodes and many apps. Arguments: a file for the
 * results (JSON, written anew after each part), how many nodes, seconds of their Leases, and how
 * many apps there are to be, one number a stage. What is read out of it is bench/scale/report.py's.
 */
public final class ScaleBench {
  private static final String SYSTEM = "dunlin-system";
  private static final Duration IDLE = Duration.ofSeconds(15);
  private static final Duration SETTLING = Duration.ofMinutes(5);
  private static final Duration TELLING = Duration.ofMinutes(5);
  private static final int RETRIES = 8;
  private static final int CHANGES = 100;
  private static final int ROLLED_OUT_APPS = 20;
  private static final int ROLL_OUTS_BEFORE = 12; // a revision's history is full then
  private static final int ROLL_OUTS = 50;

  private final Map<String, Object> results = new LinkedHashMap<>();
  private final Random random = new Random(1);
  private final Path file;
  private final KubernetesClient client;
  private final ApiServer api;
  private final Apps apps;
  private final SimulatedNodes nodes;

  private ScaleBench(Path file, KubernetesClient client, Apps apps, SimulatedNodes nodes) {
    this.file = file;
    this.client = client;
    this.api = new ApiServer(client);
    this.apps = apps;
    this.nodes = nodes;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var file = Path.of(arguments[0]);
    int nodeCount = Integer.parseInt(arguments[1]);
    var lease = Duration.ofSeconds(Long.parseLong(arguments[2]));
    var sizes = Stream.of(arguments).skip(3).map(Integer::valueOf).toList();
    var binaries =
        KubernetesBinaries.find()
            .orElseThrow(() -> new IllegalStateException(KubernetesBinaries.whatIsMissing()));
    try (var controlPlane = ControlPlane.start(binaries);
        var registry = InMemoryRegistry.start();
        KubernetesClient agents = patient(controlPlane.newClient(SYSTEM));
        KubernetesClient user = patient(controlPlane.newClient(SYSTEM))) {
      Repository.installCrds(controlPlane.client());
      user.resource(new NamespaceBuilder().withNewMetadata().withName(SYSTEM).endMetadata().build())
          .create();
      registry.pushModule(
          "dunlin/hello-c:1.0",
          Files.readAllBytes(Repository.root().resolve("examples/hello-c/app.wasm")));
      var flags =
          List.of(
              "--namespace=" + SYSTEM,
              "--app-ports=20000-59999",
              "--plain-http-registry=" + registry.address(),
              "--registry-mirror=registry.example.com=" + registry.address());
      Path log = Path.of(file + ".operator.log");
      Files.deleteIfExists(log);
      try (var nodes = new SimulatedNodes(agents, SYSTEM, nodeCount, lease);
          var apps = new Apps(user)) {
        say("registering %d nodes", nodeCount);
        nodes.start();
        var bench = new ScaleBench(file, user, apps, nodes);
        bench.results.put("nodes", nodeCount);
        bench.results.put("lease_s", lease.toSeconds());
        try (var operator =
            new OperatorProcess(controlPlane.kubeconfig(), log, flags).awaitReady()) {
          bench.grow(operator, sizes);
          bench.lose(operator, nodeCount / 10);
          bench.rollOuts(operator);
        }
        bench.restart(controlPlane.kubeconfig(), log, flags).close();
      }
    }
  }

  /** Writes what there is by now: a run that is cut short keeps it. */
  private void keep(String name, Object result) throws IOException {
    results.put(name, result);
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), results);
    say("%s: %s", name, result);
  }

  /** Who is told to come back later does, as agents and users do. */
  private static KubernetesClient patient(KubernetesClient client) {
    client.getConfiguration().setRequestRetryBackoffLimit(RETRIES);
    return client;
  }

  private void grow(OperatorProcess operator, List<Integer> sizes)
      throws IOException, InterruptedException {
    awaitNodes("all nodes are ready", nodes.size(), true);
    settle();
    var stages = new ArrayList<Map<String, Object>>();
    results.put("heap_empty_bytes", operator.liveHeapBytes());
    for (int size : sizes) {
      var stage = stage(operator, size);
      stages.add(stage);
      keep("stages", List.copyOf(stages));
    }
  }

  private Map<String, Object> stage(OperatorProcess operator, int size)
      throws IOException, InterruptedException {
    var stage = new LinkedHashMap<String, Object>();
    int more = size - apps.count();
    var writesBefore = api.writes();
    long cutBefore = api.cutWatches();
    var cpuBefore = operator.cpu();
    var apiCpuBefore = ApiServer.cpu();
    long begun = System.nanoTime();
    say("creating %d apps more", more);
    apps.grow(size);
    double created = seconds(begun);
    apps.awaitAllReady();
    double placed = seconds(begun);
    var writes = ApiServer.difference(writesBefore, api.writes());
    stage.put("lease_faults", nodes.faults());
    stage.put("apps", size);
    stage.put("new_apps", more);
    stage.put("create_s", created);
    stage.put("place_s", placed);
    stage.put("operator_cpu_s", seconds(operator.cpu().minus(cpuBefore)));
    stage.put("api_server_cpu_s", seconds(ApiServer.cpu().minus(apiCpuBefore)));
    stage.put("cut_watches", api.cutWatches() - cutBefore);
    stage.put("writes", writes);
    settle();
    stage.put("writes_settled", ApiServer.difference(writesBefore, api.writes()));
    stage.put("heap_bytes", operator.liveHeapBytes());
    idle(operator, stage);
    stage.put("react_ms", reactions(CHANGES));
    return stage;
  }

  /** Until nobody writes but what writes always: Leases. */
  private void settle() throws InterruptedException {
    long end = System.nanoTime() + SETTLING.toNanos();
    Map<String, Long> before;
    Map<String, Long> now = api.writes();
    do {
      before = now;
      Thread.sleep(Duration.ofSeconds(2));
      now = api.writes();
    } while (System.nanoTime() < end
        && ApiServer.difference(before, now).keySet().stream()
            .anyMatch(it -> !it.startsWith("leases")));
    if (System.nanoTime() >= end) say("still written: %s", ApiServer.difference(before, now));
  }

  private void idle(OperatorProcess operator, Map<String, Object> stage)
      throws InterruptedException {
    var cpu = operator.cpu();
    var writes = api.writes();
    long begun = System.nanoTime();
    Thread.sleep(IDLE);
    double took = seconds(begun);
    stage.put("idle_cpu_percent", 100 * seconds(operator.cpu().minus(cpu)) / took);
    stage.put("idle_writes", ApiServer.difference(writes, api.writes()));
    stage.put("idle_s", took);
  }

  private List<Double> reactions(int count) {
    var millis = new ArrayList<Double>();
    for (int i = 0; i < count; i++)
      millis.add(
          seconds(apps.rollOut(random.nextInt(apps.count()), "change-" + random.nextLong())) * 1e3);
    return millis;
  }

  private void rollOuts(OperatorProcess operator) throws IOException, InterruptedException {
    int many = Math.min(ROLLED_OUT_APPS, apps.count());
    say("rolling out %d apps, %d and then %d times", many, ROLL_OUTS_BEFORE, ROLL_OUTS);
    apps.rollOutAll(many, ROLL_OUTS_BEFORE, "before");
    settle();
    long before = operator.liveHeapBytes();
    var writes = api.writes();
    long begun = System.nanoTime();
    apps.rollOutAll(many, ROLL_OUTS, "measured");
    double took = seconds(begun);
    settle();
    var rollOuts = new LinkedHashMap<String, Object>();
    rollOuts.put("count", many * ROLL_OUTS);
    rollOuts.put("took_s", took);
    rollOuts.put("heap_before_bytes", before);
    rollOuts.put("heap_after_bytes", operator.liveHeapBytes());
    rollOuts.put("writes", ApiServer.difference(writes, api.writes()));
    keep("roll_outs", rollOuts);
  }

  private OperatorProcess restart(Path kubeconfig, Path log, List<String> flags)
      throws IOException, InterruptedException {
    var writes = api.writes();
    long begun = System.nanoTime();
    var operator = new OperatorProcess(kubeconfig, log, flags).awaitReady();
    double ready = seconds(begun);
    double reacted = seconds(apps.rollOut(0, "after-restart"));
    var restart = new LinkedHashMap<String, Object>();
    restart.put("ready_s", ready);
    restart.put("first_reaction_s", reacted);
    settle();
    restart.put("writes", ApiServer.difference(writes, api.writes()));
    keep("restart", restart);
    return operator;
  }

  private void lose(OperatorProcess operator, int count) throws IOException, InterruptedException {
    settle();
    var writes = api.writes();
    long cut = api.cutWatches();
    var cpu = operator.cpu();
    var apiCpu = ApiServer.cpu();
    long begun = System.nanoTime();
    var lost = nodes.lose(count);
    long instances = apps.on(lost);
    say("lost %d nodes with %d instances", count, instances);
    awaitNodes("the Leases of the lost nodes have expired", lost.size(), false);
    double expired = seconds(begun);
    apps.awaitGoneFrom(lost);
    var loss = new LinkedHashMap<String, Object>();
    loss.put("nodes", count);
    loss.put("instances", instances);
    loss.put("expired_s", expired);
    loss.put("recover_s", seconds(begun));
    loss.put("operator_cpu_s", seconds(operator.cpu().minus(cpu)));
    loss.put("api_server_cpu_s", seconds(ApiServer.cpu().minus(apiCpu)));
    loss.put("cut_watches", api.cutWatches() - cut);
    loss.put("writes", ApiServer.difference(writes, api.writes()));
    loss.put("lease_faults", nodes.faults());
    keep("loss", loss);
  }

  /** Until the operator has said of that many nodes whether they are ready. */
  private void awaitNodes(String what, int count, boolean ready) {
    try (var watched = client.resources(WasmNode.class).inform()) {
      Await.until(
          what,
          TELLING,
          () -> told(watched.getStore().list(), ready) >= count,
          () -> told(watched.getStore().list(), ready) + " are");
    }
  }

  private static long told(List<WasmNode> all, boolean ready) {
    return all.stream()
        .filter(node -> node.getStatus() != null)
        .flatMap(node -> Condition.find(node.getStatus().conditions(), "Ready").stream())
        .filter(it -> it.isTrue() == ready)
        .count();
  }

  private static double seconds(long since) {
    return seconds(Duration.ofNanos(System.nanoTime() - since));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void say(String format, Object... arguments) {
    System.err.printf("scale: " + format + "%n", arguments);
  }
}
