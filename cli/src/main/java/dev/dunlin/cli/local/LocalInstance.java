package dev.dunlin.cli.local;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import dev.dunlin.oci.Digest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the operator would have an agent run of an app; pure. */
final class LocalInstance {
  static final String NODE = "localhost";

  private LocalInstance() {}

  /**
   * The first instance.
   *
   * @param now when a job begins
   * @param port where an http app is to answer; 0: any
   */
  static WasmInstance of(WasmApp app, Digest module, int port, Instant now) {
    var metadata = app.getMetadata();
    Map<String, String> labels =
        new HashMap<>(Objects.requireNonNullElse(metadata.getLabels(), Map.of()));
    labels.put(Api.APP_LABEL, metadata.getName());
    var instance = new WasmInstance();
    instance.setMetadata(
        new ObjectMetaBuilder()
            .withName(metadata.getName() + "-local")
            .withNamespace(Objects.requireNonNullElse(metadata.getNamespace(), "default"))
            .withUid("local-" + metadata.getName())
            .withLabels(labels)
            .withAnnotations(metadata.getAnnotations())
            .build());
    instance.setSpec(spec(app, module, port, now));
    return instance;
  }

  private static WasmInstanceSpec spec(WasmApp app, Digest module, int port, Instant now) {
    WasmAppSpec spec = app.getSpec();
    @Nullable HttpInstance http = null;
    @Nullable WorkerWorkload worker = null;
    @Nullable JobRun job = null;
    switch (spec.workload()) {
      case HttpWorkload it -> http = http(it, port);
      case WorkerWorkload it -> worker = it;
      case JobWorkload it -> job = run(it.activeDeadlineSeconds(), now);
      case CronWorkload it -> {
        @Nullable JobWorkload each = it.job();
        job = run(each == null ? null : each.activeDeadlineSeconds(), now);
      }
    }
    return new WasmInstanceSpec(
        app.getMetadata().getName(),
        "local",
        NODE,
        spec.image() + "@" + module,
        spec.imagePullPolicy(),
        spec.imagePullSecrets(),
        spec.args(),
        spec.env(),
        spec.envFrom(),
        http,
        worker,
        job,
        spec.resources(),
        spec.network(),
        spec.volumes(),
        spec.volumeMounts(),
        spec.startupProbe(),
        spec.readinessProbe(),
        spec.livenessProbe(),
        0,
        spec.terminationGracePeriodSeconds());
  }

  private static HttpInstance http(HttpWorkload http, int port) {
    return new HttpInstance(
        port,
        http.timeoutSeconds(),
        http.maxConcurrency(),
        http.requestsPerInstance(),
        http.idleAfterSeconds(),
        http.maxQueued(),
        http.maxRequestBody(),
        http.maxResponseBody());
  }

  private static JobRun run(@Nullable Long seconds, Instant now) {
    return new JobRun(seconds == null ? null : now.plusSeconds(seconds).toString(), null);
  }
}
