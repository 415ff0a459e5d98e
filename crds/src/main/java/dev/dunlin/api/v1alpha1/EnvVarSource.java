package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Where a variable's value comes from: exactly one of these. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvVarSource(
    @JsonPropertyDescription("A key of a ConfigMap.") @Nullable KeySelector configMapKeyRef,
    @JsonPropertyDescription("A key of a Secret.") @Nullable KeySelector secretKeyRef,
    @JsonPropertyDescription("A field of the instance.") @Nullable FieldSelector fieldRef) {}
