package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a variable's value comes from: exactly one of these. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.configMapKeyRef) ? 1 : 0) + (has(self.secretKeyRef) ? 1 : 0) + (has(self.fieldRef) ? 1 : 0) == 1",
    message = "must have exactly one of configMapKeyRef, secretKeyRef and fieldRef")
public record EnvVarSource(
    @JsonPropertyDescription("A key of a ConfigMap.") @Nullable KeySelector configMapKeyRef,
    @JsonPropertyDescription("A key of a Secret.") @Nullable KeySelector secretKeyRef,
    @JsonPropertyDescription("A field of the instance.") @Nullable FieldSelector fieldRef) {}
