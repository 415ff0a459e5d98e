package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.operator.canary.Findings;
import dev.dunlin.operator.canary.Weighing;
import dev.dunlin.operator.config.Content;
import dev.dunlin.operator.event.Happening;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.ANode;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.placement.Priority;
import dev.dunlin.operator.placement.Room;
import dev.dunlin.operator.quota.NamespaceQuota;
import dev.dunlin.operator.revision.History;
import dev.dunlin.operator.revision.KeptRevision;
import dev.dunlin.operator.route.RoutesFound;
import dev.dunlin.operator.scale.Scalers;
import dev.dunlin.operator.volume.Volumes;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with one http app, for tests of canaries: what is stored survives, the operator can die
 * after any of its writes, and after each of them nobody may be given more requests than meant.
 */
final class TrialWorld {
  private static final int PORT = 20_000;

  /** The operator is gone, and another one takes over. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final WasmApp app = new WasmApp();
  final Map<String, ANode> nodes = new TreeMap<>();
  final Map<String, WasmInstance> instances = new LinkedHashMap<>();
  final Map<String, KeptRevision> kept = new HashMap<>();
  final List<String> events = new ArrayList<>();
  Instant now = Instant.parse("2026-01-01T12:00:00Z");
  Findings findings = new Findings(0, 0, OptionalDouble.empty(), "");

  /** Templates whose instances do not get ready, by their first argument. */
  final List<String> ill = new ArrayList<>();

  /** Writes until the operator dies. */
  int livesFor = Integer.MAX_VALUE;

  Optional<Duration> lookAgain = Optional.empty();
  private long made;

  TrialWorld(String... names) {
    app.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("ns")
            .withName("app")
            .withUid("uid")
            .withGeneration(0L)
            .build());
    for (String name : names) nodes.put(name, ANode.named(name));
  }

  /** The user applies a template, which is told from others by its argument. */
  TrialWorld apply(String template, int replicas, String more) {
    var spec =
        Serialization.unmarshal(
            """
            ---
            image: registry.example/app:1
            replicas: %d
            args: [%s]
            http: {}
            %s
            """
                .formatted(replicas, template, more),
            WasmAppSpec.class);
    app.setSpec(spec);
    app.getMetadata().setGeneration(app.getMetadata().getGeneration() + 1);
    return this;
  }

  /** One pass of an operator that knows nothing but what is stored. */
  void pass() {
    var state = state();
    var plan = WasmAppPlan.of(state);
    var status = AppStatus.of(state, plan);
    lookAgain = plan.lookAgain();
    Runnable check = check(state, status);
    for (Weighing weighing : plan.sharing().weights()) write(() -> weigh(weighing), check);
    for (var instance : plan.create()) write(() -> create(instance), check);
    for (var gone : plan.forget()) write(() -> instances.remove(gone.name()), check);
    for (var gone : plan.delete()) write(() -> instances.remove(gone.name()), check);
    plan.keeping().write().ifPresent(it -> write(() -> kept.put(it.template(), it), check));
    plan.keeping().prune().forEach(it -> write(() -> kept.remove(it.template()), check));
    Happenings.of(plan, status.before(), status.now()).stream()
        .map(Happening::reason)
        .forEach(events::add);
    write(() -> app.setStatus(status.now()), check);
  }

  /** Passes, each of which sees what the one before has made become ready, until all is done. */
  TrialWorld settle() {
    for (int i = 0; i < 100; i++) {
      String before = stored();
      agents();
      pass();
      if (before.equals(stored())) return this;
    }
    throw new AssertionError("No end after 100 passes: " + this);
  }

  private String stored() {
    return Serialization.asYaml(List.copyOf(instances.values()))
        + Serialization.asYaml(WasmAppState.status(app));
  }

  /** Time passes, with a pass at each second. */
  TrialWorld seconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now = now.plusSeconds(1);
      agents();
      pass();
    }
    return settle();
  }

  /** All agents make ready what they have. */
  void agents() {
    for (var instance : instances.values()) {
      boolean well = !ill.contains(instance.getSpec().args().getFirst());
      boolean there = nodes.containsKey(instance.getSpec().nodeName());
      if (there
          && (instance.getStatus() == null
              || well != Boolean.TRUE.equals(instance.getStatus().ready()))) ready(instance, well);
    }
  }

  void ready(WasmInstance instance, boolean ready) {
    instance.setStatus(
        new WasmInstanceStatus(
            null,
            InstancePhase.Running,
            ready,
            0,
            null,
            null,
            null,
            List.of(
                new Condition(
                    "Ready",
                    ready ? Condition.TRUE : Condition.FALSE,
                    ready ? "Serving" : "Probing",
                    "",
                    null,
                    now.toString()))));
  }

  private void write(Runnable what, Runnable check) {
    if (livesFor-- <= 0) throw new Died();
    what.run();
    check.run();
  }

  private void create(WasmInstance instance) {
    instance.getMetadata().setCreationTimestamp(now.plusMillis(made++).toString());
    instances.put(instance.getMetadata().getName(), instance);
  }

  private void weigh(Weighing weighing) {
    var instance = instances.get(weighing.instance().name());
    if (instance == null) return;
    var annotations = new TreeMap<String, String>();
    if (instance.getMetadata().getAnnotations() != null)
      annotations.putAll(instance.getMetadata().getAnnotations());
    if (weighing.weight().isEmpty()) annotations.remove(Api.WEIGHT_ANNOTATION);
    else annotations.put(Api.WEIGHT_ANNOTATION, String.valueOf(weighing.weight().getAsInt()));
    instance.getMetadata().setAnnotations(annotations);
  }

  private static int share(@Nullable CanaryStatus status) {
    return status == null || status.weight() == null ? 0 : status.weight();
  }

  /** What is tried has never more than before, or than it is to have. */
  private Runnable check(WasmAppState state, AppStatus status) {
    var before = status.before().canary();
    boolean tried = Trial.of(state).isPresent();
    String last = before == null ? "" : String.valueOf(before.revision());
    String revision = tried ? state.revision() : last;
    if (!tried && (last.isEmpty() || last.equals(state.revision()))) return () -> {};
    int most =
        Stream.of(Optional.ofNullable(before), Optional.ofNullable(status.now().canary()))
            .flatMap(Optional::stream)
            .filter(it -> it.isOf(revision))
            .mapToInt(TrialWorld::share)
            .max()
            .orElse(0);
    Predicate<Instance> isCanary = i -> i.revision().equals(revision);
    var had = nodes.keySet().stream().collect(Collectors.toMap(n -> n, n -> percent(n, isCanary)));
    return () -> {
      for (String node : nodes.keySet())
        if (on(node).anyMatch(i -> i.ready() && !isCanary.test(i)))
          assertThat(percent(node, isCanary))
              .as("%s on %s", this, node)
              .isLessThanOrEqualTo(Math.max(most, had.getOrDefault(node, 0.0)));
    };
  }

  private Stream<Instance> on(String node) {
    return instances.values().stream().map(Instance::of).filter(i -> i.node().equals(node));
  }

  /** Requests of a hundred that an agent gives to some revision, as its Choice and Split do. */
  double percent(String node, Predicate<Instance> which) {
    var ready = on(node).filter(Instance::ready).toList();
    if (ready.isEmpty()) return 0;
    var weights = new TreeMap<String, Integer>();
    for (var instance : ready)
      instance.weight().ifPresent(it -> weights.merge(instance.revision(), it, Math::max));
    Predicate<String> isIt =
        revision -> ready.stream().anyMatch(i -> i.revision().equals(revision) && which.test(i));
    if (weights.isEmpty())
      return isIt.test(
              ready.stream().max(Comparator.comparing(Instance::created)).orElseThrow().revision())
          ? 100
          : 0;
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    if (total == 0 || weights.size() == 1)
      return isIt.test(weights.size() == 1 ? weights.firstKey() : weights.lastKey()) ? 100 : 0;
    return 100.0
        * weights.entrySet().stream()
            .filter(it -> isIt.test(it.getKey()))
            .mapToInt(Map.Entry::getValue)
            .sum()
        / total;
  }

  /** Requests of a hundred that a template has on each node. */
  List<Double> shares(String template) {
    return nodes.keySet().stream()
        .map(node -> percent(node, i -> i.object().getSpec().args().contains(template)))
        .toList();
  }

  /** The nodes of a template's instances. */
  List<String> of(String template) {
    return instances.values().stream()
        .filter(i -> i.getSpec().args().contains(template))
        .map(i -> i.getSpec().nodeName())
        .toList();
  }

  /** Somebody deletes one. */
  void delete(String template) {
    var names =
        instances.values().stream()
            .filter(i -> i.getSpec().args().contains(template))
            .map(i -> i.getMetadata().getName())
            .limit(1)
            .toList();
    instances.keySet().removeAll(names);
  }

  boolean hasWeights() {
    return instances.values().stream().anyMatch(i -> Instance.of(i).weight().isPresent());
  }

  private WasmAppState state() {
    var all = instances.values().stream().map(Instance::of).toList();
    var status = WasmAppState.status(app);
    var history = new History(List.copyOf(kept.values()));
    var target =
        Target.of(
            app.getSpec(),
            history,
            status.revision(),
            all,
            ref -> new Content.Absent(),
            revision -> false);
    var standing =
        new Standing(
            Optional.of(Priority.NORMAL), 0, node -> List.of(), (ns, name) -> OptionalInt.empty());
    return new WasmAppState(
        app,
        now,
        made,
        target,
        history,
        new Resolution.Resolved("registry.example/app@sha256:aaaa", List.of()),
        OptionalInt.of(PORT),
        all,
        nodes(all),
        standing,
        NamespaceQuota.NONE,
        null,
        null,
        new Volumes((namespace, name) -> {}).view(app, Stream.empty(), node -> true),
        Duration.ofSeconds(10),
        Scalers.NONE,
        RoutesFound.NONE,
        CanaryView.of(
            target.stable(
                app.getSpec(), history, status.currentRevision(), all, ref -> new Content.Absent()),
            history,
            all,
            it -> standing,
            status.canary(),
            findings,
            Duration.ofSeconds(5)));
  }

  private Nodes nodes(List<Instance> all) {
    return new Nodes(
        nodes.values().stream().map(ANode::build).collect(Collectors.toMap(Node::name, it -> it)),
        name ->
            all.stream()
                .filter(i -> i.node().equals(name))
                .map(Instance::room)
                .reduce(Room.NONE, Room::plus));
  }

  CanaryStatus canary() {
    var canary = WasmAppState.status(app).canary();
    if (canary == null) throw new AssertionError("No canary: " + this);
    return canary;
  }

  Condition condition(String type) {
    return Condition.find(WasmAppState.status(app).conditions(), type).orElseThrow();
  }

  @Override
  public String toString() {
    return instances.values().stream()
            .map(i ->
                "%s@%s=%s%s"
                    .formatted(
                        i.getSpec().args().getFirst(),
                        i.getSpec().nodeName(),
                        Instance.of(i).weight().orElse(-1),
                        Instance.of(i).ready() ? "" : "!"))
            .collect(Collectors.joining(", "))
        + " "
        + WasmAppState.status(app).canary();
  }
}
