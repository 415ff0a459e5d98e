package dev.dunlin.oci;

import java.time.Duration;

/** When a whole operation must be over. */
record Deadline(long atNanos, Duration allowed) {
  static Deadline after(Duration allowed) {
    return new Deadline(System.nanoTime() + allowed.toNanos(), allowed);
  }

  void require(String what) {
    if (System.nanoTime() - atNanos > 0) {
      throw new RegistryException(
          RegistryException.Kind.UNAVAILABLE,
          "%s: expected to be done in %d s, was not".formatted(what, allowed.toSeconds()));
    }
  }
}
