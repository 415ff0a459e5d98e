package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the job of a cron app for one time. */
final class JobTemplate {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** The same for the same time: a second try makes no second job. */
  static String name(WasmApp app, Instant time) {
    return app.getMetadata().getName() + "-" + TimeUnit.SECONDS.toMinutes(time.getEpochSecond());
  }

  static WasmApp of(WasmApp app, CronWorkload cron, Instant time, ZoneId zone) {
    var job = new WasmApp();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName(name(app, time))
            .withNamespace(app.getMetadata().getNamespace())
            .withLabels(with(app.getMetadata().getLabels(), Api.CRON_LABEL, nameOf(app)))
            .withAnnotations(
                with(
                    app.getMetadata().getAnnotations(),
                    Api.SCHEDULED_TIME_ANNOTATION,
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.atZone(zone))))
            .withOwnerReferences(AppService.owner(app))
            .build());
    @Nullable JobWorkload workload = cron.job();
    job.setSpec(spec(app.getSpec(), workload == null ? JobWorkload.DEFAULT : workload));
    return job;
  }

  private static String nameOf(WasmApp app) {
    return app.getMetadata().getName();
  }

  private static Map<String, String> with(
      @Nullable Map<String, String> map, String key, String value) {
    var all = new TreeMap<String, String>();
    if (map != null) all.putAll(map);
    all.remove(LAST_APPLIED); // or kubectl would take it for its own
    all.put(key, value);
    return all;
  }

  /** The app's own, with what a job has no use for left at its defaults. */
  private static WasmAppSpec spec(WasmAppSpec spec, JobWorkload job) {
    return new WasmAppSpec(
        spec.image(),
        spec.imagePullPolicy(),
        spec.imagePullSecrets(),
        spec.args(),
        spec.env(),
        spec.envFrom(),
        1,
        null,
        null,
        job,
        null,
        spec.resources(),
        spec.network(),
        spec.volumes(),
        spec.volumeMounts(),
        spec.nodeSelector(),
        null,
        null,
        null,
        spec.affinity(),
        spec.tolerations(),
        spec.topologySpreadConstraints(),
        spec.priorityClassName(),
        null,
        spec.minReadySeconds(),
        spec.progressDeadlineSeconds(),
        spec.revisionHistoryLimit(),
        null,
        null,
        spec.restartOnConfigChange(),
        null,
        spec.disruption(),
        spec.terminationGracePeriodSeconds());
  }

  private JobTemplate() {}
}
