package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What keeps instances off a node that do not tolerate it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Taint(
    @JsonPropertyDescription("Key.") @Required @Size(min = 1, max = 317) String key,
    @JsonPropertyDescription("Value.") @Size(max = Rules.LABEL) @Nullable String value,
    @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute.") @Required
        TaintEffect effect,
    @JsonPropertyDescription("When it was put on, RFC 3339; tolerationSeconds count from it.")
        @Size(max = 64)
        @Nullable String timeAdded) {}
