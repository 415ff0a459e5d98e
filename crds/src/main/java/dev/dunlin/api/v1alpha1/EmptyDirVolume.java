package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * An empty folder of the instance's own; it survives restarts of the command and goes with the
 * instance.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmptyDirVolume(
    @JsonPropertyDescription("Bytes that its files may take together; unset: the agent's default.")
        @Min(1)
        @Pattern(Rules.POSITIVE_QUANTITY)
        @Nullable Quantity sizeLimit) {}
