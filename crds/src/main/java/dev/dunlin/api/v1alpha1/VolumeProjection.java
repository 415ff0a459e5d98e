package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One source: exactly one of the three. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.configMap) ? 1 : 0) + (has(self.secret) ? 1 : 0) + (has(self.downwardAPI) ? 1 : 0) == 1",
    message = "must have exactly one of configMap, secret and downwardAPI")
public record VolumeProjection(
    @JsonPropertyDescription("The keys of a ConfigMap.") @Nullable ConfigMapVolume configMap,
    @JsonPropertyDescription("The keys of a Secret.") @Nullable SecretProjection secret,
    @JsonPropertyDescription("Fields of the instance.") @Nullable DownwardApiVolume downwardAPI) {}
