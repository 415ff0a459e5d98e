package dev.dunlin.agent.signature;

import dev.dunlin.api.v1alpha1.PolicyMode;
import dev.dunlin.api.v1alpha1.SignatureAuthority;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.SignatureArtifact;
import dev.dunlin.oci.signature.Signatures;
import dev.dunlin.oci.signature.Signatures.Finding;
import dev.dunlin.oci.signature.VerificationKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one policy wants of an image, and how far it has got it. Not for use by several threads. */
final class PolicyDemand {
  private static final int NOTES = 3;

  private final String name;
  private final boolean enforced;
  private final Map<String, VerificationKey> keys = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();
  private final Set<String> telling = new LinkedHashSet<>();
  private final Set<String> others = new LinkedHashSet<>();
  private Optional<String> signer = Optional.empty();

  PolicyDemand(WasmImagePolicy policy) {
    this.name = policy.getMetadata().getName();
    this.enforced = policy.getSpec().mode() == PolicyMode.Enforce;
    for (SignatureAuthority authority : policy.getSpec().authorities()) {
      try {
        keys.put(authority.name(), VerificationKey.parse(authority.key()));
      } catch (IllegalArgumentException e) {
        // It can let nobody through; the others can.
        broken.add("its key %s cannot be read: %s".formatted(authority.name(), e.getMessage()));
      }
    }
  }

  /** Whether this artifact is what was still wanted. */
  boolean isMetBy(SignatureArtifact artifact, Digest image) {
    for (var key : keys.entrySet()) {
      switch (Signatures.check(artifact, image, key.getValue())) {
        case Finding.Signed() -> {
          signer = Optional.of(key.getKey());
          return true;
        }
        case Finding.Refused(boolean byKey, String why) ->
            (byKey ? telling : others).add(artifact.where() + ": " + why);
      }
    }
    return false;
  }

  boolean isMet() {
    return signer.isPresent();
  }

  boolean isEnforced() {
    return enforced;
  }

  /** Whose signature it is, once there is one. */
  String met() {
    return "policy %s: signed by %s".formatted(name, signer.orElseThrow());
  }

  /** What it wants that is not there, of so many artifacts that were found. */
  String unmet(int found) {
    var text = new StringBuilder("policy ").append(name).append(" wants a signature by ");
    text.append(keys.isEmpty() ? "a key that can be read" : String.join(" or ", keys.keySet()));
    if (found == 0) {
      text.append("; the registry has none");
    } else {
      var notes = new ArrayList<>(telling);
      notes.addAll(others);
      text.append("; none of ").append(found).append(" found is one");
      if (!notes.isEmpty()) {
        text.append(": ")
            .append(notes.stream().limit(NOTES).collect(Collectors.joining("; ")))
            .append(notes.size() > NOTES ? "; …" : "");
      }
    }
    broken.forEach(it -> text.append("; ").append(it));
    return text.toString();
  }
}
