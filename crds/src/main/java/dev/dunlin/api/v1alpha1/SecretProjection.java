package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a Secret as files of a projected volume. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SecretProjection(
    @JsonPropertyDescription("Name of the Secret.")
        @Required
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        String name,
    @JsonPropertyDescription(
            "Which keys, and under which paths; unset: every key under its own name.")
        @Size(max = 64)
        List<KeyToPath> items,
    @JsonPropertyDescription("Whether the Secret or a listed key may be missing.")
        @Nullable Boolean optional) {
  public SecretProjection {
    items = Lists.copy(items);
  }
}
