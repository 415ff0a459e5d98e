package dev.dunlin.oci;

import java.util.LinkedHashSet;

/**
 * Makes a source show that it holds a module: every byte is read and checked, and none is kept. A
 * digest proves nothing, because it is no secret.
 */
final class ModuleProof {
  private final Pull pull;

  ModuleProof(Pull pull) {
    this.pull = pull;
  }

  /** Returns when the source has given all that {@code manifest} names. */
  Digest demand(Digest manifest) {
    ModuleLocation location = new LocationFetch(pull).fetch(manifest);
    var blobs = new BlobFetch(pull, Progress.NONE);
    for (Descriptor blob : new LinkedHashSet<>(location.blobs())) {
      blobs.requireSize(blob, pull.config().limits().moduleBytes(), "blob");
      blobs.read(blob);
    }
    return manifest;
  }
}
