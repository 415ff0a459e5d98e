package dev.dunlin.agent.signature;

import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.oci.ImageReference;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which policies concern an image: pure. */
final class Policies {
  private Policies() {}

  /** Those that concern {@code image} in a namespace with those labels, by their names. */
  static List<WasmImagePolicy> of(
      List<WasmImagePolicy> all, Map<String, String> namespaceLabels, ImageReference image) {
    return all.stream()
        .filter(policy -> concerns(policy, namespaceLabels, image))
        .sorted(Comparator.comparing(policy -> policy.getMetadata().getName()))
        .toList();
  }

  private static boolean concerns(
      WasmImagePolicy policy, Map<String, String> namespaceLabels, ImageReference image) {
    var spec = policy.getSpec();
    var namespaces = spec.namespaceSelector();
    return (namespaces == null || namespaces.selects(namespaceLabels))
        && (spec.images().isEmpty() || anyMatches(spec.images(), image))
        && !anyMatches(spec.exceptImages(), image);
  }

  private static boolean anyMatches(List<String> patterns, ImageReference image) {
    return patterns.stream().anyMatch(pattern -> new ImagePattern(pattern).matches(image));
  }
}
