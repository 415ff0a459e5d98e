package dev.dunlin.operator.image;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.operator.image.Resolution.Unresolved;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is said of a registry's refusal, and when it is asked again. */
final class Faults {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration SOON_AT_MOST = Duration.ofMinutes(1);
  private static final Duration LATER = Duration.ofMinutes(1);
  private static final Duration LATER_AT_MOST = Duration.ofMinutes(5);

  static Unresolved of(RegistryException fault, List<String> secrets, int faultsBefore) {
    String found = String.valueOf(fault.getMessage());
    return switch (fault.kind()) {
      case NOT_FOUND ->
          later(
              Reasons.IMAGE_NOT_FOUND,
              found + " Push the image, or correct spec.image.",
              faultsBefore);
      case UNAUTHORIZED ->
          later(Reasons.IMAGE_UNAUTHORIZED, found + " " + credentials(secrets), faultsBefore);
      case INVALID ->
          later(
              Reasons.IMAGE_INVALID,
              found + " Push a WebAssembly artifact, or correct spec.image.",
              faultsBefore);
      case TOO_LARGE -> later(Reasons.IMAGE_TOO_LARGE, found, faultsBefore);
      case UNAVAILABLE ->
          new Unresolved(
              Reasons.REGISTRY_UNAVAILABLE,
              found + " It is tried again.",
              Optional.of(soon(faultsBefore)));
      case DIGEST_MISMATCH ->
          new Unresolved(
              Reasons.IMAGE_DIGEST_MISMATCH,
              found + " It is tried again.",
              Optional.of(soon(faultsBefore)));
    };
  }

  private static String credentials(List<String> secrets) {
    return secrets.isEmpty()
        ? "Name a kubernetes.io/dockerconfigjson Secret in spec.imagePullSecrets, or correct spec.image."
        : "Check the Secrets of spec.imagePullSecrets (" + String.join(", ", secrets) + ").";
  }

  /** Can be cured from outside only, but then nobody tells us. */
  private static Unresolved later(String reason, String message, int faultsBefore) {
    return new Unresolved(
        reason, message, Optional.of(backoff(LATER, LATER_AT_MOST, faultsBefore)));
  }

  static Duration soon(int faultsBefore) {
    return backoff(SOON, SOON_AT_MOST, faultsBefore);
  }

  private static Duration backoff(Duration first, Duration most, int faultsBefore) {
    var wait = first.multipliedBy(1L << Math.min(faultsBefore, 16));
    return wait.compareTo(most) > 0 ? most : wait;
  }

  private Faults() {}
}
