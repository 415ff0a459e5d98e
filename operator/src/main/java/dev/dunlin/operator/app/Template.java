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
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Makes instances of an app. */
final class Template {

  /** An instance of the app as it is now. */
  static WasmInstance instance(
      WasmApp app, String revision, String image, OptionalInt port, String node, String suffix) {
    WasmAppSpec spec = app.getSpec();
    Workload workload = spec.workload();
    return instance(
        app,
        suffix,
        new WasmInstanceSpec(
            app.getMetadata().getName(),
            revision,
            node,
            image,
            spec.imagePullPolicy(),
            spec.imagePullSecrets(),
            spec.args(),
            spec.env(),
            spec.envFrom(),
            workload instanceof HttpWorkload http && port.isPresent()
                ? new HttpInstance(port.getAsInt(), http.timeoutSeconds(), http.maxConcurrency())
                : null,
            spec.worker(),
            null,
            spec.resources(),
            spec.volumes(),
            spec.volumeMounts(),
            spec.terminationGracePeriodSeconds()));
  }

  /** One run of the app's job. */
  static WasmInstance run(
      WasmApp app, String revision, String image, String node, int number, JobRun run) {
    var made = instance(app, revision, image, OptionalInt.empty(), node, "%05d".formatted(number));
    made.getMetadata().getLabels().put(Api.RUN_LABEL, String.valueOf(number));
    made.setSpec(with(made.getSpec(), node, run));
    return made;
  }

  /** The like of an instance that was lost, on another node. */
  static WasmInstance again(WasmApp app, WasmInstance lost, String node, String suffix) {
    return instance(app, suffix, with(lost.getSpec(), node, lost.getSpec().job()));
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
        spec.volumes(),
        spec.volumeMounts(),
        spec.terminationGracePeriodSeconds());
  }

  private static WasmInstance instance(WasmApp app, String suffix, WasmInstanceSpec spec) {
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
            .withFinalizers(List.of(Api.INSTANCE_FINALIZER))
            .withOwnerReferences(AppService.owner(app))
            .build());
    instance.setSpec(spec);
    return instance;
  }

  private Template() {}
}
