package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one agent is to run: the app's template as it was at one revision, with the image by digest.
 * Immutable.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmInstanceSpec(
    @JsonPropertyDescription("Name of the WasmApp.") @Required String appName,
    @JsonPropertyDescription("Hash of the template.") @Required String revision,
    @JsonPropertyDescription("Name of the WasmNode that runs it.") @Required String nodeName,
    @JsonPropertyDescription("OCI reference by digest.") @Required String image,
    @JsonPropertyDescription(Docs.IMAGE_PULL_POLICY) ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription(Docs.IMAGE_PULL_SECRETS) List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(Docs.ARGS) List<String> args,
    @JsonPropertyDescription(Docs.ENV) List<EnvVar> env,
    @JsonPropertyDescription(Docs.ENV_FROM) List<EnvFromSource> envFrom,
    @JsonPropertyDescription("Answers HTTP requests on 'port' of its agent.")
        @Nullable HttpInstance http,
    @JsonPropertyDescription(Docs.WORKER) @Nullable WorkerWorkload worker,
    @JsonPropertyDescription("One run of a job: never started again.") @Nullable JobRun job,
    @JsonPropertyDescription(Docs.RESOURCES) @Nullable Resources resources,
    @JsonPropertyDescription(Docs.VOLUMES) List<Volume> volumes,
    @JsonPropertyDescription(Docs.VOLUME_MOUNTS) List<VolumeMount> volumeMounts,
    @JsonPropertyDescription(Docs.GRACE) Integer terminationGracePeriodSeconds) {

  public WasmInstanceSpec {
    imagePullPolicy = imagePullPolicy == null ? ImagePullPolicy.IfNotPresent : imagePullPolicy;
    imagePullSecrets = Lists.copy(imagePullSecrets);
    args = Lists.copy(args);
    env = Lists.copy(env);
    envFrom = Lists.copy(envFrom);
    volumes = Lists.copy(volumes);
    volumeMounts = Lists.copy(volumeMounts);
    terminationGracePeriodSeconds =
        terminationGracePeriodSeconds == null ? 30 : terminationGracePeriodSeconds;
  }
}
