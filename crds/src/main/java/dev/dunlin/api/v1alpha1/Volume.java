package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Files that an instance can mount: exactly one source. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Volume(
    @JsonPropertyDescription("Name that volumeMounts refer to.") @Required String name,
    @JsonPropertyDescription("The keys of a ConfigMap as read-only files.")
        @Nullable ConfigMapVolume configMap,
    @JsonPropertyDescription("The keys of a Secret as read-only files.")
        @Nullable SecretVolume secret,
    @JsonPropertyDescription("An empty folder that lives as long as the instance.")
        @Nullable EmptyDirVolume emptyDir) {}
