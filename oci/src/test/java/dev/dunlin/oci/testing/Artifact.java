package dev.dunlin.oci.testing;

import dev.dunlin.oci.Digest;
import java.util.List;

/**
 * A manifest and what it names, ready to push.
 *
 * @param blobs configuration and layers
 * @param children the manifests of an index
 */
@SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
public record Artifact(
    String mediaType, byte[] manifest, List<byte[]> blobs, List<Artifact> children) {
  public Artifact {
    blobs = List.copyOf(blobs);
    children = List.copyOf(children);
  }

  /** Of the manifest. */
  public Digest digest() {
    return Digest.of(manifest);
  }
}
