package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One header of a probe's request. */
public record HttpHeader(
    @JsonPropertyDescription("Name.")
        @Required
        @Size(min = 1, max = 256)
        @Pattern("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")
        String name,
    @JsonPropertyDescription("Value.") @Required @Size(max = 4096) @Pattern("^[ -~\\t]*$")
        String value) {}
