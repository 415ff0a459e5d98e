package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.api.v1alpha1.Workload;
import dev.dunlin.operator.config.ConfigHashes;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.placement.NodeChoice;
import dev.dunlin.operator.scale.ZeroWay;
import dev.dunlin.operator.volume.DownwardAnnotations;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes instances of an app. */
final class Template {
  private static final String ANNOTATION = "metadata.annotations['";

  /** An instance of the app as it is now. */
  static WasmInstance instance(
      WasmApp app,
      Target target,
      Resolved image,
      OptionalInt port,
      String node,
      int priority,
      String suffix) {
    WasmAppSpec spec = target.spec();
    Workload workload = spec.workload();
    return instance(
        app,
        suffix,
        annotations(app, target, image),
        new WasmInstanceSpec(
            app.getMetadata().getName(),
            target.revision(),
            node,
            image.image(),
            spec.imagePullPolicy(),
            spec.imagePullSecrets(),
            spec.args(),
            spec.env(),
            spec.envFrom(),
            workload instanceof HttpWorkload http && port.isPresent()
                ? http(spec, http, port)
                : null,
            spec.worker(),
            null,
            spec.resources(),
            spec.network(),
            spec.volumes(),
            spec.volumeMounts(),
            spec.startupProbe(),
            spec.readinessProbe(),
            spec.livenessProbe(),
            priority,
            spec.terminationGracePeriodSeconds()));
  }

  private static HttpInstance http(WasmAppSpec spec, HttpWorkload http, OptionalInt port) {
    return new HttpInstance(
        port.getAsInt(),
        http.timeoutSeconds(),
        http.maxConcurrency(),
        http.requestsPerInstance(),
        ZeroWay.idleAfterSeconds(spec, http),
        http.maxQueued(),
        http.maxRequestBody(),
        http.maxResponseBody());
  }

  /** One run of the app's job. */
  static WasmInstance run(
      WasmApp app,
      String revision,
      Resolved image,
      String node,
      int number,
      JobRun run,
      int priority) {
    var made =
        instance(
            app,
            new Target(app.getSpec(), revision, ConfigHashes.NONE, Target.Hold.NONE),
            image,
            OptionalInt.empty(),
            node,
            priority,
            "%05d".formatted(number));
    made.getMetadata().getLabels().put(Api.RUN_LABEL, String.valueOf(number));
    made.setSpec(with(made.getSpec(), node, run));
    return made;
  }

  /** The like of an instance that was lost, on another node. */
  static WasmInstance again(WasmApp app, WasmInstance lost, String node, String suffix) {
    @Nullable Map<String, String> before = lost.getMetadata().getAnnotations();
    var annotations = new TreeMap<>(before == null ? Map.of() : before);
    annotations.remove(Api.WEIGHT_ANNOTATION); // it is the node's matter
    return instance(app, suffix, annotations, with(lost.getSpec(), node, lost.getSpec().job()));
  }

  /** What the template that an instance was made from says of nodes. */
  static NodeChoice choice(WasmInstance instance) {
    @Nullable Map<String, String> annotations = instance.getMetadata().getAnnotations();
    @Nullable String text = annotations == null ? null : annotations.get(Api.PLACEMENT_ANNOTATION);
    if (text != null) return ChoiceText.parse(text);
    var selector = new TreeMap<String, String>();
    for (String part : parts(instance, Api.NODE_SELECTOR_ANNOTATION)) {
      int equals = part.indexOf('=');
      selector.put(
          equals < 0 ? part : part.substring(0, equals),
          equals < 0 ? "" : part.substring(equals + 1));
    }
    return selector.isEmpty()
        ? NodeChoice.ANY
        : new NodeChoice(selector, null, List.of(), List.of());
  }

  /** What its image asks of the engine of its node; empty where nobody told. */
  static List<String> features(WasmInstance instance) {
    return parts(instance, Api.FEATURES_ANNOTATION);
  }

  private static List<String> parts(WasmInstance instance, String annotation) {
    @Nullable Map<String, String> annotations = instance.getMetadata().getAnnotations();
    @Nullable String text = annotations == null ? null : annotations.get(annotation);
    return text == null || text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  /** Those of the app that its variables refer to, and where the instance may be. */
  private static Map<String, String> annotations(WasmApp app, Target target, Resolved image) {
    var annotations = new TreeMap<String, String>();
    @Nullable Map<String, String> ofApp = app.getMetadata().getAnnotations();
    if (!target.config().isEmpty()) {
      annotations.put(Api.TEMPLATE_ANNOTATION, target.template());
      annotations.put(Api.CONFIG_ANNOTATION, target.config().text());
    }
    for (var variable : target.spec().env()) {
      var from = variable.valueFrom();
      if (from == null || from.fieldRef() == null || ofApp == null) continue;
      String path = from.fieldRef().fieldPath();
      if (!path.startsWith(ANNOTATION) || !path.endsWith("']")) continue;
      String key = path.substring(ANNOTATION.length(), path.length() - 2);
      @Nullable String value = ofApp.get(key);
      if (value != null) annotations.put(key, value);
    }
    annotations.putAll(DownwardAnnotations.of(target.spec().volumes(), ofApp));
    if (!image.features().isEmpty())
      annotations.put(Api.FEATURES_ANNOTATION, String.join(",", image.features()));
    var spec = target.spec();
    var choice = NodeChoice.of(spec);
    if (choice.isMoreThanLabels()) annotations.put(Api.PLACEMENT_ANNOTATION, ChoiceText.of(choice));
    if (spec.nodeSelector().isEmpty()) return annotations;
    String selector =
        new TreeMap<>(spec.nodeSelector())
            .entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    annotations.put(Api.NODE_SELECTOR_ANNOTATION, selector);
    return annotations;
  }

  private static WasmInstanceSpec with(WasmInstanceSpec spec, String node, @Nullable JobRun run) {
    return new WasmInstanceSpec(
        spec.appName(),
        spec.revision(),
        node,
        spec.image(),
        spec.imagePullPolicy(),
        spec.imagePullSecrets(),
        spec.args(),
        spec.env(),
        spec.envFrom(),
        spec.http(),
        spec.worker(),
        run,
        spec.resources(),
        spec.network(),
        spec.volumes(),
        spec.volumeMounts(),
        spec.startupProbe(),
        spec.readinessProbe(),
        spec.livenessProbe(),
        spec.priority(),
        spec.terminationGracePeriodSeconds());
  }

  private static WasmInstance instance(
      WasmApp app, String suffix, Map<String, String> annotations, WasmInstanceSpec spec) {
    ObjectMeta meta = app.getMetadata();
    Map<String, String> labels = new HashMap<>();
    if (meta.getLabels() != null) labels.putAll(meta.getLabels());
    labels.put(Api.APP_LABEL, meta.getName());
    labels.put(Api.REVISION_LABEL, spec.revision());
    var instance = new WasmInstance();
    instance.setMetadata(
        new ObjectMetaBuilder()
            .withName("%s-%s-%s".formatted(meta.getName(), spec.revision(), suffix))
            .withNamespace(meta.getNamespace())
            .withLabels(labels)
            .withAnnotations(annotations.isEmpty() ? null : annotations)
            .withFinalizers(List.of(Api.INSTANCE_FINALIZER))
            .withOwnerReferences(AppService.owner(app))
            .build());
    instance.setSpec(spec);
    return instance;
  }

  private Template() {}
}
