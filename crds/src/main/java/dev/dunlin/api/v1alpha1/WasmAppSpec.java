package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for. What instances see of it is the template: a change to it makes a new
 * revision.
 *
 * <p>At most one of {@code http}, {@code worker}, {@code job} and {@code cron} is set; with none
 * the app is an http app (see {@link #workload()}).
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "(has(self.http) ? 1 : 0) + (has(self.worker) ? 1 : 0) + (has(self.job) ? 1 : 0) + (has(self.cron) ? 1 : 0) <= 1",
    message = "may have one of http, worker, job and cron; http is the default")
@ValidationRule(value = Rules.PROBES, message = Rules.PROBES_MESSAGE)
@ValidationRule(value = Rules.THRESHOLDS, message = Rules.THRESHOLDS_MESSAGE)
@ValidationRule(
    value =
        "!has(self.progressDeadlineSeconds) || !has(self.minReadySeconds) || self.progressDeadlineSeconds > self.minReadySeconds",
    fieldPath = ".progressDeadlineSeconds",
    message = "must be above minReadySeconds")
@ValidationRule(
    value = "!has(self.autoscaling) || !has(self.job) && !has(self.cron)",
    fieldPath = ".autoscaling",
    message = "is for http apps and workers; a job has parallelism")
@ValidationRule(
    value =
        "!has(self.autoscaling) || !has(self.worker) || self.autoscaling.metrics.all(m, m.name in ['cpu_cores', 'memory_bytes'])",
    fieldPath = ".autoscaling.metrics",
    message = "of a worker may be cpu_cores and memory_bytes: it has no requests")
@ValidationRule(
    value =
        "!has(self.autoscaling) || !has(self.worker) || !has(self.autoscaling.minReplicas) || self.autoscaling.minReplicas > 0",
    fieldPath = ".autoscaling.minReplicas",
    message = "must be above 0 for a worker: there is no request that could bring it back")
@ValidationRule(
    value =
        "!has(self.strategy) || !has(self.strategy.canary) || !has(self.worker) && !has(self.job) && !has(self.cron)",
    fieldPath = ".strategy",
    message = "of type Canary is for http apps: others have no requests to share")
@ValidationRule(value = Rules.MOUNTS, fieldPath = ".volumeMounts", message = Rules.MOUNTS_MESSAGE)
public record WasmAppSpec(
    @JsonPropertyDescription(Docs.APP_IMAGE)
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Rules.IMAGE, message = Rules.IMAGE_MESSAGE)
        String image,
    @JsonPropertyDescription(Docs.IMAGE_PULL_POLICY) @Default("IfNotPresent")
        ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription(Docs.IMAGE_PULL_SECRETS) @Size(max = 16)
        List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(Docs.ARGS) @Size(max = 256) List<@Size(max = Rules.TEXT) String> args,
    @JsonPropertyDescription(Docs.ENV) @Size(max = 256) List<EnvVar> env,
    @JsonPropertyDescription(Docs.ENV_FROM) @Size(max = 32) List<EnvFromSource> envFrom,
    @JsonPropertyDescription(Docs.REPLICAS) @Default("1") @Min(0) @Max(10000) Integer replicas,
    @JsonPropertyDescription(Docs.HTTP) @Nullable HttpWorkload http,
    @JsonPropertyDescription(Docs.WORKER) @Nullable WorkerWorkload worker,
    @JsonPropertyDescription(Docs.JOB) @Nullable JobWorkload job,
    @JsonPropertyDescription(Docs.CRON) @Nullable CronWorkload cron,
    @JsonPropertyDescription(Docs.RESOURCES) @Nullable Resources resources,
    @JsonPropertyDescription(Docs.NETWORK) @Nullable Network network,
    @JsonPropertyDescription(Docs.VOLUMES) @Size(max = 32) List<Volume> volumes,
    @JsonPropertyDescription(Docs.VOLUME_MOUNTS) @Size(max = 64) List<VolumeMount> volumeMounts,
    @JsonPropertyDescription(Docs.NODE_SELECTOR) @Size(max = 64) Map<String, String> nodeSelector,
    @JsonPropertyDescription(Docs.STARTUP_PROBE) @Nullable Probe startupProbe,
    @JsonPropertyDescription(Docs.READINESS_PROBE) @Nullable Probe readinessProbe,
    @JsonPropertyDescription(Docs.LIVENESS_PROBE) @Nullable Probe livenessProbe,
    @JsonPropertyDescription("Which nodes are needed or liked, by their labels.")
        @Nullable Affinity affinity,
    @JsonPropertyDescription("Taints of nodes that do not matter.") @Size(max = 64)
        List<Toleration> tolerations,
    @JsonPropertyDescription("How evenly the instances are spread over zones, hosts and the like.")
        @Size(max = 16)
        List<TopologySpreadConstraint> topologySpreadConstraints,
    @JsonPropertyDescription(
            "Name of a PriorityClass: higher ones are placed first, may take the place of lower ones, and are evicted last.")
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        @Nullable String priorityClassName,
    @JsonPropertyDescription("How a new revision takes the place of the old one (http and worker).")
        @Nullable Strategy strategy,
    @JsonPropertyDescription(
            "Seconds that a new instance has to be ready without a break until it counts as available.")
        @Default("0")
        @Min(0)
        @Max(86400)
        Integer minReadySeconds,
    @JsonPropertyDescription(
            "Seconds without progress after which the condition Progressing is False with reason ProgressDeadlineExceeded; it is tried on.")
        @Default("600")
        @Min(1)
        @Max(31536000)
        Integer progressDeadlineSeconds,
    @JsonPropertyDescription("Old revisions kept as ControllerRevisions, to roll back to.")
        @Default("10")
        @Min(0)
        @Max(1000)
        Integer revisionHistoryLimit,
    @JsonPropertyDescription(
            "Whether a changed template waits: what runs is kept and replaced, nothing new is rolled out.")
        @Nullable Boolean paused,
    @JsonPropertyDescription(
            "Run the template of an earlier revision, until this is taken out again.")
        @Nullable RollbackTo rollbackTo,
    @JsonPropertyDescription(
            "Whether a changed ConfigMap or Secret that variables refer to restarts the instances, by a rolling update. Files change in place in any case.")
        @Default("true")
        Boolean restartOnConfigChange,
    @JsonPropertyDescription("Scales the app by what its agents measure (http and worker).")
        @Nullable Autoscaling autoscaling,
    @JsonPropertyDescription("How many instances drains may take away at once.")
        @Nullable Disruption disruption,
    @JsonPropertyDescription(Docs.GRACE) @Default("30") @Min(0) @Max(86400)
        Integer terminationGracePeriodSeconds) {

  public WasmAppSpec {
    imagePullPolicy = imagePullPolicy == null ? ImagePullPolicy.IfNotPresent : imagePullPolicy;
    imagePullSecrets = Lists.copy(imagePullSecrets);
    args = Lists.copy(args);
    env = Lists.copy(env);
    envFrom = Lists.copy(envFrom);
    replicas = replicas == null ? 1 : replicas;
    volumes = Lists.copy(volumes);
    volumeMounts = Lists.copy(volumeMounts);
    nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    tolerations = Lists.copy(tolerations);
    topologySpreadConstraints = Lists.copy(topologySpreadConstraints);
    minReadySeconds = minReadySeconds == null ? 0 : minReadySeconds;
    progressDeadlineSeconds = progressDeadlineSeconds == null ? 600 : progressDeadlineSeconds;
    revisionHistoryLimit = revisionHistoryLimit == null ? 10 : revisionHistoryLimit;
    restartOnConfigChange = restartOnConfigChange == null || restartOnConfigChange;
    terminationGracePeriodSeconds =
        terminationGracePeriodSeconds == null ? 30 : terminationGracePeriodSeconds;
  }

  /** What runs the module: the one of the four that is set, or http with its defaults. */
  @JsonIgnore
  public Workload workload() {
    if (worker != null) return worker;
    if (job != null) return job;
    if (cron != null) return cron;
    return http != null ? http : HttpWorkload.DEFAULT;
  }
}
