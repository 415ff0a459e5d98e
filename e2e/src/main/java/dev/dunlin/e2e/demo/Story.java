package dev.dunlin.e2e.demo;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.child.Child;
import dev.dunlin.e2e.demo.Example.Question;
import dev.dunlin.e2e.demo.Traffic.Reply;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** What the demo shows, in order. Each step ends only when what it shows has come true. */
final class Story implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Screen screen;
  private final DemoApi api;
  private final KubernetesClient client;
  private final Agents agents;
  private final Example example;
  private final Traffic traffic;
  private final Tables tables;

  Story(Screen screen, DemoApi api, Agents agents, Example example) {
    this.screen = screen;
    this.api = api;
    this.client = api.client();
    this.agents = agents;
    this.example = example;
    this.traffic = new Traffic(client, api.appNamespace(), example.name());
    this.tables = new Tables(screen, client, api.appNamespace());
  }

  /** All of it but the end. */
  void tell() {
    nodesReportIn();
    appIsApplied();
    appAnswers();
    appScales();
    agentBreaks();
  }

  private void nodesReportIn() {
    screen.step("An operator and two agents, each a process");
    tables.watch(Tables.NODES);
    await("both WasmNodes are Ready", () -> Agents.NUMBERS.stream().allMatch(this::isReady));
  }

  private void appIsApplied() {
    screen.step("Apply examples/" + example.name());
    screen.command("kubectl apply -f examples/" + example.name() + "/wasmapp.yaml");
    var objects =
        client.load(new ByteArrayInputStream(example.manifest().getBytes(StandardCharsets.UTF_8)));
    objects
        .inNamespace(api.appNamespace())
        .serverSideApply()
        .forEach(made ->
            screen.say(
                made.getKind().toLowerCase(Locale.ROOT)
                    + "/"
                    + made.getMetadata().getName()
                    + " applied"));
    tables.watch(Tables.APPS, Tables.INSTANCES);
    await("the WasmApp is Ready", this::appIsReady);
  }

  private void appAnswers() {
    screen.step("Ask it, as kube-proxy would pass it on");
    for (Question question : example.questions().stream().limit(2).toList()) {
      Reply reply = traffic.ask(question);
      show(question, reply);
      check(reply.right(), "an answer with " + question.expected(), () -> reply.toString());
    }
  }

  private void appScales() {
    screen.step("Three instances instead of " + app().getSpec().replicas());
    screen.command("kubectl scale wasmapp " + example.name() + " --replicas=3");
    client
        .resources(WasmApp.class)
        .inNamespace(api.appNamespace())
        .withName(example.name())
        .scale(3);
    tables.watch(Tables.APPS, Tables.INSTANCES);
    await(
        "three instances are ready, on both nodes",
        () -> readyOn().size() == 3 && distinctNodes() == 2);
    await("the app is reached on both agents", () -> traffic.addresses().size() == 2);
    for (String address : traffic.addresses()) {
      Reply reply = traffic.ask(address, question());
      show(question(), reply);
      check(reply.right(), "an answer with " + question().expected(), () -> reply.toString());
    }
  }

  private void agentBreaks() {
    int victim = Agents.NUMBERS.getLast();
    String node = Agents.node(api, victim);
    screen.step("Kill agent " + node + " while requests come");
    List<String> before = traffic.addresses();
    Child dead = agents.crash(victim);
    screen.command("kill -9 " + dead.pid());
    long start = System.nanoTime();
    var replies = new ArrayList<Reply>();
    tables.watch(Tables.NODES, Tables.APPS, Tables.INSTANCES);
    await(
        "three instances are ready without " + node,
        () -> {
          replies.add(traffic.ask(question()));
          return readyOn().size() == 3
              && !readyOn().contains(node)
              && traffic.addresses().size() == 1;
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    String lost =
        before.stream()
            .filter(address -> address.startsWith(api.advertised(victim) + ":"))
            .findFirst()
            .orElseThrow();
    long wrong = replies.stream().filter(reply -> !reply.right()).count();
    List<Reply> elsewhere =
        replies.stream().filter(reply -> !reply.right() && !reply.address().equals(lost)).toList();
    check(elsewhere.isEmpty(), "no failed request on the other agent", elsewhere::toString);
    screen.good(
        "%d requests in %.1f s: %d answered, %d met the dead agent before its Lease had run out, none failed on the other"
            .formatted(replies.size(), seconds, replies.size() - wrong, wrong));
    for (int i = 0; i < 20; i++) {
      Reply reply = traffic.ask(question());
      check(reply.right(), "an answer from the remaining agent", () -> reply.toString());
    }
    screen.good("20 requests since: all answered");
  }

  /** How it ends where nobody stays to play. */
  void end() {
    screen.step("Delete it");
    screen.command("kubectl delete wasmapp " + example.name());
    client
        .resources(WasmApp.class)
        .inNamespace(api.appNamespace())
        .withName(example.name())
        .delete();
    await(
        "no instance and no endpoint is left",
        () -> instances().isEmpty() && traffic.addresses().isEmpty());
    screen.good("its instances, Service and EndpointSlice went with it");
  }

  /** How it ends where somebody does. */
  void invite() {
    screen.step("Yours now, until Ctrl-C");
    for (String address : traffic.addresses())
      screen.command("curl '" + Traffic.url(address, question()) + "'");
    String kubectl = api.kubectl();
    screen.command(kubectl + " get wasmapps,wasminstances,wasmnodes -o wide");
    screen.command(kubectl + " describe wasmapp " + example.name());
    screen.command(kubectl + " scale wasmapp " + example.name() + " --replicas=5");
    screen.command(kubectl + " apply -f examples/markdown/wasmapp.yaml");
    screen.command(kubectl + " delete wasmapp " + example.name());
    screen.say("Logs of the operator and the agents, with what the apps print: " + agents.logs());
  }

  private Question question() {
    return example.questions().getFirst();
  }

  private void show(Question question, Reply reply) {
    screen.command("curl '" + Traffic.url(reply.address(), question) + "'");
    screen.seen(reply.body().strip());
  }

  private boolean isReady(int agent) {
    WasmNode node = client.resources(WasmNode.class).withName(Agents.node(api, agent)).get();
    return node != null && node.getStatus() != null && isTrue(node.getStatus().conditions());
  }

  private boolean appIsReady() {
    WasmApp app = app();
    return app.getStatus() != null
        && Objects.equals(app.getStatus().observedGeneration(), app.getMetadata().getGeneration())
        && isTrue(app.getStatus().conditions());
  }

  private static boolean isTrue(List<Condition> conditions) {
    return Condition.find(conditions, "Ready").filter(Condition::isTrue).isPresent();
  }

  private WasmApp app() {
    return client
        .resources(WasmApp.class)
        .inNamespace(api.appNamespace())
        .withName(example.name())
        .require();
  }

  private List<WasmInstance> instances() {
    return client.resources(WasmInstance.class).inNamespace(api.appNamespace()).list().getItems();
  }

  /** The node of each instance that is ready and stays. */
  private List<String> readyOn() {
    return instances().stream()
        .filter(instance -> instance.getMetadata().getDeletionTimestamp() == null)
        .filter(instance -> isReady(instance.getStatus()))
        .map(instance -> instance.getSpec().nodeName())
        .toList();
  }

  private long distinctNodes() {
    return readyOn().stream().distinct().count();
  }

  private static boolean isReady(WasmInstanceStatus status) {
    return status != null && Boolean.TRUE.equals(status.ready());
  }

  /** Shows every change of the watched tables until the state holds. */
  private void await(String expected, BooleanSupplier state) {
    Await.until(
        expected,
        PATIENCE,
        () -> {
          boolean holds = state.getAsBoolean();
          if (holds) tables.showChanges();
          else tables.showChangesCalmly();
          agents.checkAlive();
          return holds;
        },
        () -> "\n" + tables.text());
    screen.good(expected);
  }

  private static void check(
      boolean holds, String expected, java.util.function.Supplier<String> found) {
    if (!holds) throw new IllegalStateException("expected " + expected + "; found " + found.get());
  }

  @Override
  public void close() {
    traffic.close();
  }
}
