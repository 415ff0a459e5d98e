package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A file that says by being there that all is well. */
public record FileProbe(
    @JsonPropertyDescription(
            "Absolute path in the guest, below one of volumeMounts that is written by the guest.")
        @Required
        @Size(min = 2, max = 1024)
        @ValidationRule(
            value = "self.matches('^(/[^/]+)+$') && !self.matches('/[.][.]?(/|$)')",
            message =
                "must be an absolute path without '//', '.' or '..' as a part or a '/' at its end")
        String path) {}
