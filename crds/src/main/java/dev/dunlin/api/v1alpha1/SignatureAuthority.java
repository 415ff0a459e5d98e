package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Whose signature counts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignatureAuthority(
    @JsonPropertyDescription("Its name, for messages.") @Required @Size(min = 1, max = Rules.LABEL)
        String name,
    @JsonPropertyDescription(
            "A public key in PEM, as cosign.pub: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 to 8192 bits.")
        @Required
        @Size(min = 1, max = 8192)
        @ValidationRule(
            value = "self.contains('-----BEGIN PUBLIC KEY-----')",
            message = "must be a public key in PEM (BEGIN PUBLIC KEY), as cosign.pub")
        String key) {}
