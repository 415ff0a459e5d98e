package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Files of several sources in one folder; later sources win. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProjectedVolume(
    @JsonPropertyDescription("Where they come from.") @Required @Size(min = 1, max = 16)
        List<VolumeProjection> sources) {
  public ProjectedVolume {
    sources = Lists.copy(sources);
  }
}
