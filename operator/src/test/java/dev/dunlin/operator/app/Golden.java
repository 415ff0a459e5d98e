package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.operator.canary.Findings;
import dev.dunlin.operator.canary.Weighing;
import dev.dunlin.operator.config.Content;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Host;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.NodeTaint;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.placement.Priority;
import dev.dunlin.operator.placement.Room;
import dev.dunlin.operator.quota.NamespaceQuota;
import dev.dunlin.operator.revision.History;
import dev.dunlin.operator.revision.KeptRevision;
import dev.dunlin.operator.route.RoutesFound;
import dev.dunlin.operator.scale.Autoscaler;
import dev.dunlin.operator.scale.Scalers;
import dev.dunlin.operator.volume.VolumeView;
import dev.dunlin.operator.volume.Volumes;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a case, runs one pass over it, and writes down what came of it. {@code ${revision}} stands
 * for the revision of the app's template, which is nobody's to write by hand.
 */
final class Golden {
  private static final String PLACEHOLDER = "${revision}";
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  /** The files that one pass over the case's input gives, by name. */
  static Map<String, String> run(Path folder) throws IOException {
    String text = input(folder);
    WasmApp app = only(parse(text), WasmApp.class).orElseThrow();
    String revision = Revision.of(app.getSpec());
    var state = state(parse(text.replace(PLACEHOLDER, revision)));
    var plan = WasmAppPlan.of(state);
    var files = new LinkedHashMap<String, String>();
    files.put("out-objects.yaml", hide(revision, objects(state, plan)));
    files.put("out-plan.yaml", hide(revision, Serialization.asYaml(summary(plan))));
    files.put(
        "out-status.yaml", hide(revision, Serialization.asYaml(AppStatus.of(state, plan).now())));
    return files;
  }

  private static String input(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      var text = new StringBuilder();
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("in-")).sorted().toList())
        text.append("---\n").append(Files.readString(file));
      return text.toString();
    }
  }

  private static List<HasMetadata> parse(String text) {
    return Stream.of(text.split("(?m)^---$"))
        .filter(part -> !part.isBlank())
        .map(part -> (HasMetadata) Serialization.unmarshal(part, type(part)))
        .toList();
  }

  private static Class<? extends HasMetadata> type(String whole) {
    String part = whole.replaceAll("(?m)^ .*$\\n", ""); // what it refers to has a kind, too
    if (part.contains("kind: WasmApp\n")) return WasmApp.class;
    if (part.contains("kind: WasmInstance\n")) return WasmInstance.class;
    if (part.contains("kind: WasmNode\n")) return WasmNode.class;
    if (part.contains("kind: WasmVolume\n")) return WasmVolume.class;
    if (part.contains("kind: ControllerRevision\n")) return ControllerRevision.class;
    if (part.contains("kind: ConfigMap\n")) return ConfigMap.class;
    if (part.contains("kind: Service\n")) return Service.class;
    if (part.contains("kind: EndpointSlice\n")) return EndpointSlice.class;
    if (part.contains("kind: HorizontalPodAutoscaler\n")) return HorizontalPodAutoscaler.class;
    if (part.contains("kind: HTTPRoute\n")) return HTTPRoute.class;
    if (part.contains("kind: Ingress\n")) return Ingress.class;
    throw new IllegalArgumentException("A case may not hold: " + whole);
  }

  private static <T> Optional<T> only(List<HasMetadata> objects, Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static WasmAppState state(List<HasMetadata> objects) {
    WasmApp app = only(objects, WasmApp.class).orElseThrow();
    var knowledge =
        Objects.requireNonNullElse(app.getMetadata().getAnnotations(), Map.<String, String>of());
    app.getMetadata()
        .setAnnotations(
            knowledge.entrySet().stream()
                .filter(it -> !it.getKey().startsWith("test/"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    var all =
        objects.stream()
            .filter(WasmInstance.class::isInstance)
            .map(it -> Instance.of((WasmInstance) it))
            .toList();
    var instances = all.stream().filter(i -> i.madeFor(app.getMetadata().getUid())).toList();
    var history =
        new History(
            objects.stream()
                .filter(ControllerRevision.class::isInstance)
                .flatMap(it -> KeptRevision.of((ControllerRevision) it).stream())
                .toList());
    var target =
        Target.of(
            app.getSpec(),
            history,
            WasmAppState.status(app).revision(),
            instances,
            ref -> content(objects, ref.name()),
            revision -> knowledge.containsKey("test/settling"));
    var standing =
        new Standing(
            priority(knowledge.get("test/priority")),
            all.stream().mapToInt(Instance::priority).min().orElse(0),
            node -> all.stream().filter(i -> i.node().equals(node)).toList(),
            (namespace, name) -> OptionalInt.empty());
    return new WasmAppState(
        app,
        NOW,
        1,
        target,
        history,
        image(knowledge),
        port(knowledge.get("test/port")),
        instances,
        nodes(objects, all),
        standing,
        NamespaceQuota.NONE,
        only(objects, Service.class).orElse(null),
        only(objects, EndpointSlice.class).orElse(null),
        volumes(app, objects),
        Duration.ofSeconds(10),
        scalers(app, objects),
        new RoutesFound(
            knowledge.containsKey("test/gateway-api"),
            only(objects, HTTPRoute.class).orElse(null),
            only(objects, Ingress.class).orElse(null)),
        canary(app, target, history, instances, standing, knowledge.get("test/answers")));
  }

  private static Scalers scalers(WasmApp app, List<HasMetadata> objects) {
    var all =
        objects.stream()
            .filter(HorizontalPodAutoscaler.class::isInstance)
            .map(HorizontalPodAutoscaler.class::cast)
            .toList();
    var meta = app.getMetadata();
    String key = meta.getNamespace() + "/" + meta.getName();
    return new Scalers(
        all.stream()
            .filter(it -> it.getMetadata().getName().equals(meta.getName()))
            .findFirst()
            .orElse(null),
        all.stream().filter(it -> Autoscaler.target(it).filter(key::equals).isPresent()).toList(),
        Optional.empty());
  }

  /**
   * What is known of a canary.
   *
   * @param answers how many, and how many of them were errors: {@code 40/3}
   */
  private static CanaryView canary(
      WasmApp app,
      Target target,
      History history,
      List<Instance> instances,
      Standing standing,
      @Nullable String answers) {
    var status = WasmAppState.status(app);
    return CanaryView.of(
        target.stable(
            app.getSpec(),
            history,
            status.currentRevision(),
            instances,
            ref -> new Content.Absent()),
        history,
        instances,
        it -> standing,
        status.canary(),
        findings(answers),
        Duration.ofSeconds(5));
  }

  private static Findings findings(@Nullable String answers) {
    if (answers == null) return new Findings(0, 0, OptionalDouble.empty(), "");
    int slash = answers.indexOf('/');
    return new Findings(
        Long.parseLong(answers.substring(0, slash)),
        Long.parseLong(answers.substring(slash + 1)),
        OptionalDouble.of(0.01),
        "");
  }

  private static VolumeView volumes(WasmApp app, List<HasMetadata> objects) {
    var volumes = new Volumes((namespace, name) -> {});
    objects.stream()
        .filter(WasmVolume.class::isInstance)
        .forEach(it -> volumes.observe(null, (WasmVolume) it));
    return volumes.view(
        app,
        objects.stream()
            .map(it ->
                it instanceof WasmInstance instance
                    ? instance.getSpec().volumes()
                    : it instanceof WasmApp ? app.getSpec().volumes() : List.of()),
        node ->
            objects.stream()
                .anyMatch(it -> it instanceof WasmNode && it.getMetadata().getName().equals(node)));
  }

  /** ConfigMaps only; each value stands for its hash. */
  private static Content content(List<HasMetadata> objects, String name) {
    return objects.stream()
        .filter(it -> it instanceof ConfigMap && it.getMetadata().getName().equals(name))
        .findFirst()
        .<Content>map(it -> new Content.Present(((ConfigMap) it).getData()))
        .orElseGet(Content.Absent::new);
  }

  private static Resolution image(Map<String, String> knowledge) {
    @Nullable String fault = knowledge.get("test/image-fault");
    if (fault != null)
      return new Resolution.Unresolved(
          fault, "The registry said so.", Optional.of(Duration.ofMinutes(1)));
    @Nullable String image = knowledge.get("test/image");
    @Nullable String features = knowledge.get("test/features");
    return image == null
        ? new Resolution.Resolving()
        : new Resolution.Resolved(
            image, features == null ? List.of() : List.of(features.split(",", -1)));
  }

  private static OptionalInt port(@Nullable String port) {
    return port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port));
  }

  private static Optional<Priority> priority(@Nullable String priority) {
    if (priority == null) return Optional.of(Priority.NORMAL);
    return priority.equals("none")
        ? Optional.empty()
        : Optional.of(new Priority(Integer.parseInt(priority), true));
  }

  private static Nodes nodes(List<HasMetadata> objects, List<Instance> instances) {
    var used = new HashMap<String, Room>();
    for (var instance : instances)
      if (!instance.finished()) used.merge(instance.node(), instance.room(), Room::plus);
    return new Nodes(
        objects.stream()
            .filter(WasmNode.class::isInstance)
            .map(it -> node((WasmNode) it))
            .collect(Collectors.toMap(Node::name, it -> it)),
        name -> used.getOrDefault(name, Room.NONE));
  }

  private static Node node(WasmNode node) {
    var taints =
        node.getSpec() == null
            ? List.<NodeTaint>of()
            : node.getSpec().taints().stream()
                .map(it ->
                    new NodeTaint(
                        it.key(), Objects.requireNonNullElse(it.value(), ""), it.effect(), NOW))
                .toList();
    return Node.of(node, Host.NONE, taints, Duration.ZERO);
  }

  private static String objects(WasmAppState state, WasmAppPlan plan) {
    var objects = new ArrayList<HasMetadata>(plan.create());
    if (plan.service() != null) objects.add(plan.service());
    if (plan.slice() != null) objects.add(plan.slice());
    if (plan.scaling().write() != null) objects.add(plan.scaling().write());
    if (plan.routing().write() != null) objects.add(plan.routing().write());
    plan.keeping().write().map(it -> it.object(state.app())).ifPresent(objects::add);
    return objects.stream().map(Serialization::asYaml).collect(Collectors.joining());
  }

  private static Map<String, Object> summary(WasmAppPlan plan) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("delete", plan.delete().stream().map(Instance::name).toList());
    summary.put("forget", plan.forget().stream().map(Instance::name).toList());
    summary.put(
        "drop",
        plan.drop().stream().map(it -> it.getKind() + "/" + it.getMetadata().getName()).toList());
    if (!plan.keeping().prune().isEmpty())
      summary.put("prune", plan.keeping().prune().stream().map(KeptRevision::name).toList());
    if (!plan.placement().victims().isEmpty())
      summary.put("victims", plan.placement().victims().stream().map(Instance::name).toList());
    plan.scaling().replicas().ifPresent(replicas -> summary.put("replicas", replicas));
    if (!plan.sharing().weights().isEmpty())
      summary.put("weights", plan.sharing().weights().stream().map(Golden::weight).toList());
    summary.put("missing", plan.placement().missing());
    summary.put("nameTaken", plan.nameTaken());
    summary.put("deleteApp", plan.deleteApp());
    summary.put("lookAgain", plan.lookAgain().map(Duration::toString).orElse("never"));
    return summary;
  }

  private static String weight(Weighing weighing) {
    return weighing.instance().name()
        + " "
        + (weighing.weight().isPresent() ? weighing.weight().getAsInt() : "none");
  }

  private static String hide(String revision, String text) {
    return text.replace(revision, PLACEHOLDER);
  }

  private Golden() {}
}
