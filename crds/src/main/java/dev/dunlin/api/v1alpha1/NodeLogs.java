package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Where and as whom an agent shows the logs of its instances. */
public record NodeLogs(
    @JsonPropertyDescription("Address under which it is reached.") @Required String address,
    @JsonPropertyDescription("Its port; it speaks HTTPS.") @Required int port,
    @JsonPropertyDescription(
            "SHA-256 of its certificate in hexadecimal digits: what is to be trusted, and nothing else.")
        @Required
        String certificateSha256) {}
