package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** All keys of a ConfigMap or a Secret as variables: exactly one of the two. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "(has(self.configMapRef) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1",
    message = "must have exactly one of configMapRef and secretRef")
public record EnvFromSource(
    @JsonPropertyDescription("Put before every key.")
        @Size(max = Rules.NAME)
        @ValidationRule(value = "self == '' || " + Rules.ENV_NAME, message = Rules.ENV_NAME_MESSAGE)
        @Nullable String prefix,
    @JsonPropertyDescription("The ConfigMap.") @Nullable ObjectSelector configMapRef,
    @JsonPropertyDescription("The Secret.") @Nullable ObjectSelector secretRef) {}
