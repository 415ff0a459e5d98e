package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one agent is to run: the app's template as it was at one revision, with the image by digest.
 * Immutable.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self == oldSelf",
    message = "is immutable: a changed app gets new instances")
@ValidationRule(
    value = "(has(self.http) ? 1 : 0) + (has(self.worker) ? 1 : 0) + (has(self.job) ? 1 : 0) == 1",
    message = "must have exactly one of http, worker and job")
@ValidationRule(value = Rules.THRESHOLDS, message = Rules.THRESHOLDS_MESSAGE)
@ValidationRule(value = Rules.MOUNTS, fieldPath = ".volumeMounts", message = Rules.MOUNTS_MESSAGE)
public record WasmInstanceSpec(
    @JsonPropertyDescription("Name of the WasmApp.") @Required @Size(min = 1, max = Rules.LABEL)
        String appName,
    @JsonPropertyDescription("Hash of the template.") @Required @Size(min = 1, max = Rules.LABEL)
        String revision,
    @JsonPropertyDescription("Name of the WasmNode that runs it.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        String nodeName,
    @JsonPropertyDescription("OCI reference by digest.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Rules.DIGEST, message = Rules.DIGEST_MESSAGE)
        @ValidationRule(value = Rules.IMAGE, message = Rules.IMAGE_MESSAGE)
        String image,
    @JsonPropertyDescription(Docs.IMAGE_PULL_POLICY) ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription(Docs.IMAGE_PULL_SECRETS) @Size(max = 16)
        List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(Docs.ARGS) @Size(max = 256) List<@Size(max = Rules.TEXT) String> args,
    @JsonPropertyDescription(Docs.ENV) @Size(max = 256) List<EnvVar> env,
    @JsonPropertyDescription(Docs.ENV_FROM) @Size(max = 32) List<EnvFromSource> envFrom,
    @JsonPropertyDescription("Answers HTTP requests on 'port' of its agent.")
        @Nullable HttpInstance http,
    @JsonPropertyDescription(Docs.WORKER) @Nullable WorkerWorkload worker,
    @JsonPropertyDescription("One run of a job: never started again.") @Nullable JobRun job,
    @JsonPropertyDescription(Docs.RESOURCES) @Nullable Resources resources,
    @JsonPropertyDescription(Docs.NETWORK) @Nullable Network network,
    @JsonPropertyDescription(Docs.VOLUMES) @Size(max = 32) List<Volume> volumes,
    @JsonPropertyDescription(Docs.VOLUME_MOUNTS) @Size(max = 64) List<VolumeMount> volumeMounts,
    @JsonPropertyDescription(Docs.STARTUP_PROBE) @Nullable Probe startupProbe,
    @JsonPropertyDescription(Docs.READINESS_PROBE) @Nullable Probe readinessProbe,
    @JsonPropertyDescription(Docs.LIVENESS_PROBE) @Nullable Probe livenessProbe,
    @JsonPropertyDescription("Value of the app's PriorityClass: the lowest is evicted first.")
        @Default("0")
        Integer priority,
    @JsonPropertyDescription(Docs.GRACE) @Min(0) @Max(86400)
        Integer terminationGracePeriodSeconds) {

  public WasmInstanceSpec {
    imagePullPolicy = imagePullPolicy == null ? ImagePullPolicy.IfNotPresent : imagePullPolicy;
    imagePullSecrets = Lists.copy(imagePullSecrets);
    args = Lists.copy(args);
    env = Lists.copy(env);
    envFrom = Lists.copy(envFrom);
    volumes = Lists.copy(volumes);
    volumeMounts = Lists.copy(volumeMounts);
    priority = priority == null ? 0 : priority;
    terminationGracePeriodSeconds =
        terminationGracePeriodSeconds == null ? 30 : terminationGracePeriodSeconds;
  }

  /** The same with other resources. */
  public WasmInstanceSpec withResources(@Nullable Resources newResources) {
    return new WasmInstanceSpec(
        appName,
        revision,
        nodeName,
        image,
        imagePullPolicy,
        imagePullSecrets,
        args,
        env,
        envFrom,
        http,
        worker,
        job,
        newResources,
        network,
        volumes,
        volumeMounts,
        startupProbe,
        readinessProbe,
        livenessProbe,
        priority,
        terminationGracePeriodSeconds);
  }
}
