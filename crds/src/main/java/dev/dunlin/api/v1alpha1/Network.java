package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Where a guest may connect to: nowhere, unless it is named here. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.allowedHosts) || self.allowedHosts.all(h, " + Rules.ALLOWED_HOST + ")",
    fieldPath = ".allowedHosts",
    message = Rules.ALLOWED_HOST_MESSAGE,
    messageExpression =
        "'\"' + self.allowedHosts.filter(h, !("
            + Rules.ALLOWED_HOST
            + "))[0] + '\" "
            + Rules.ALLOWED_HOST_MESSAGE
            + "'")
public record Network(
    @JsonPropertyDescription(
            "HOST or HOST:PORT that the guest may connect to; without a port every port. Unset: none. Link-local addresses (the cloud's metadata among them) and the node's loopback are only allowed where an entry names the address itself.")
        @Size(max = 64)
        List<@Size(min = 1, max = Rules.NAME) String> allowedHosts) {
  public Network {
    allowedHosts = Lists.copy(allowedHosts);
  }
}
