package dev.dunlin.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.PolicyMode;
import dev.dunlin.api.v1alpha1.SignatureAuthority;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.api.v1alpha1.WasmImagePolicySpec;
import dev.dunlin.oci.testing.Signer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyStatusesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final String BROKEN =
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

  @Test
  void keysThatCanBeReadAreAccepted() {
    Condition ready = ready(Signer.create().pem(), Signer.of("Ed25519", 0, "Ed25519").pem());

    assertThat(ready.status()).isEqualTo("True");
    assertThat(ready.reason()).isEqualTo("PolicyAccepted");
    assertThat(ready.observedGeneration()).isEqualTo(7);
    assertThat(ready.lastTransitionTime()).isEqualTo("2026-11-23T20:00:00Z");
  }

  @Test
  void aKeyThatCannotBeReadIsNamed() {
    Condition ready = ready(Signer.create().pem(), BROKEN);

    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.reason()).isEqualTo("KeyInvalid");
    assertThat(ready.message()).contains("key-2: expected an ECDSA").doesNotContain("key-1:");
  }

  private static Condition ready(String... keys) {
    var authorities = new ArrayList<SignatureAuthority>();
    for (String key : keys) {
      authorities.add(new SignatureAuthority("key-" + (authorities.size() + 1), key));
    }
    var policy = new WasmImagePolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName("p").withGeneration(7L).build());
    policy.setSpec(
        new WasmImagePolicySpec(null, List.of(), List.of(), PolicyMode.Enforce, authorities));
    return PolicyStatuses.status(policy, NOW).conditions().getFirst();
  }
}
