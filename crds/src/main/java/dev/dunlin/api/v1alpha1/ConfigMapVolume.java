package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a ConfigMap as files. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ConfigMapVolume(
    @JsonPropertyDescription("Name of the ConfigMap.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        String name,
    @JsonPropertyDescription(
            "Which keys, and under which paths; unset: every key under its own name.")
        @Size(max = 64)
        List<KeyToPath> items,
    @JsonPropertyDescription("Whether the ConfigMap or a listed key may be missing.")
        @Nullable Boolean optional) {
  public ConfigMapVolume {
    items = Lists.copy(items);
  }
}
