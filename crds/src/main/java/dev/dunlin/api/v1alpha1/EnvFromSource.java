package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** All keys of a ConfigMap or a Secret as variables: exactly one of the two. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvFromSource(
    @JsonPropertyDescription("Put before every key.") @Nullable String prefix,
    @JsonPropertyDescription("The ConfigMap.") @Nullable ObjectSelector configMapRef,
    @JsonPropertyDescription("The Secret.") @Nullable ObjectSelector secretRef) {}
