package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a Gateway API HTTPRoute (with {@code parentRefs}) or an Ingress (with {@code
 * ingressClassName}) that leads to the app's Service, named like the app.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "has(self.parentRefs) != has(self.ingressClassName)",
    message = "must have either parentRefs (for an HTTPRoute) or ingressClassName (for an Ingress)")
public record Route(
    @JsonPropertyDescription("Names under which the app is reached; none: every name.")
        @Size(max = 16)
        List<@Size(min = 1, max = Rules.NAME) String> hostnames,
    @JsonPropertyDescription("Gateways that the HTTPRoute attaches to.") @Size(min = 1, max = 32)
        List<ParentReference> parentRefs,
    @JsonPropertyDescription("Class of the Ingress.")
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        @Nullable String ingressClassName,
    @JsonPropertyDescription("Secret with the Ingress' certificate; a Gateway has its own.")
        @Size(min = 1, max = Rules.NAME)
        @ValidationRule(value = Rules.OBJECT_NAME, message = Rules.OBJECT_NAME_MESSAGE)
        @Nullable String tlsSecretName,
    @JsonPropertyDescription("Prefix of the paths that lead to the app; unset: /.")
        @Size(min = 1, max = 1024)
        @ValidationRule(value = "self.startsWith('/')", message = "must begin with /")
        @Nullable String pathPrefix) {
  public Route {
    hostnames = Lists.copy(hostnames);
    parentRefs = Lists.copy(parentRefs);
  }
}
