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
 * What a user asks for. Everything but {@code replicas} is the template: a change to it makes a new
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
