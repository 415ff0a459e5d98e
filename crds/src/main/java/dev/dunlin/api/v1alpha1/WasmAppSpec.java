package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
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
public record WasmAppSpec(
    @JsonPropertyDescription(Docs.APP_IMAGE) @Required @Size(min = 1, max = 1024) String image,
    @JsonPropertyDescription(Docs.IMAGE_PULL_POLICY) @Default("IfNotPresent")
        ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription(Docs.IMAGE_PULL_SECRETS) List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(Docs.ARGS) List<String> args,
    @JsonPropertyDescription(Docs.ENV) List<EnvVar> env,
    @JsonPropertyDescription(Docs.ENV_FROM) List<EnvFromSource> envFrom,
    @JsonPropertyDescription(Docs.REPLICAS) @Default("1") @Min(0) @Max(10000) Integer replicas,
    @JsonPropertyDescription(Docs.HTTP) @Nullable HttpWorkload http,
    @JsonPropertyDescription(Docs.WORKER) @Nullable WorkerWorkload worker,
    @JsonPropertyDescription(Docs.JOB) @Nullable JobWorkload job,
    @JsonPropertyDescription(Docs.CRON) @Nullable CronWorkload cron,
    @JsonPropertyDescription(Docs.RESOURCES) @Nullable Resources resources,
    @JsonPropertyDescription(Docs.VOLUMES) List<Volume> volumes,
    @JsonPropertyDescription(Docs.VOLUME_MOUNTS) List<VolumeMount> volumeMounts,
    @JsonPropertyDescription(Docs.NODE_SELECTOR) Map<String, String> nodeSelector,
    @JsonPropertyDescription(Docs.GRACE) @Default("30") @Min(0)
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
