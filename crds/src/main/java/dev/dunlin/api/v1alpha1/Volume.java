package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Files that an instance can mount: exactly one source. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.configMap) ? 1 : 0) + (has(self.secret) ? 1 : 0) + (has(self.emptyDir) ? 1 : 0) + (has(self.projected) ? 1 : 0) + (has(self.downwardAPI) ? 1 : 0) + (has(self.wasmVolume) ? 1 : 0) == 1",
    message =
        "must have exactly one of configMap, secret, emptyDir, projected, downwardAPI and wasmVolume")
public record Volume(
    @JsonPropertyDescription("Name that volumeMounts refer to.")
        @Required
        @Size(min = 1, max = Rules.LABEL)
        @ValidationRule(value = Rules.VOLUME_NAME, message = Rules.VOLUME_NAME_MESSAGE)
        String name,
    @JsonPropertyDescription("The keys of a ConfigMap as read-only files.")
        @Nullable ConfigMapVolume configMap,
    @JsonPropertyDescription("The keys of a Secret as read-only files.")
        @Nullable SecretVolume secret,
    @JsonPropertyDescription("An empty folder that lives as long as the instance.")
        @Nullable EmptyDirVolume emptyDir,
    @JsonPropertyDescription("Files of several sources in one read-only folder.")
        @Nullable ProjectedVolume projected,
    @JsonPropertyDescription("Fields of the instance as read-only files.")
        @Nullable DownwardApiVolume downwardAPI,
    @JsonPropertyDescription("Storage that outlives the instance.")
        @Nullable WasmVolumeSource wasmVolume) {}
