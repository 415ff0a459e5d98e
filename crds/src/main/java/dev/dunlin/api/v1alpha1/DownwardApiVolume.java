package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Fields of the instance as files. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DownwardApiVolume(
    @JsonPropertyDescription("The files.") @Required @Size(min = 1, max = 64)
        List<DownwardApiFile> items) {
  public DownwardApiVolume {
    items = Lists.copy(items);
  }
}
