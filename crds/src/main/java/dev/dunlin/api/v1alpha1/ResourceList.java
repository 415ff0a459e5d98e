package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Amounts of resources, as Kubernetes quantities. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResourceList(
    @JsonPropertyDescription("Bytes of linear memory and tables of one instance, e.g. 64Mi.")
        @Nullable Quantity memory) {}
