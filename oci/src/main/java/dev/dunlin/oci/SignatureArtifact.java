package dev.dunlin.oci;

/**
 * What lies beside an image and claims to be a signature of it. Nothing of it is believed yet: see
 * {@link dev.dunlin.oci.signature.Signatures}.
 */
@SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
public sealed interface SignatureArtifact {
  /** Where it was found, for people. */
  String where();

  /**
   * cosign's older layout: a payload that names the image's digest, and a signature over its bytes.
   *
   * @param signature in base64, as its annotation holds it
   */
  record SimpleSigning(String where, byte[] payload, String signature)
      implements SignatureArtifact {}

  /** A Sigstore bundle (v0.3), cosign's newer layout: an envelope with all that is needed. */
  record Bundle(String where, byte[] json) implements SignatureArtifact {}

  /** Something in a signature's place that is none. */
  record Unreadable(String where, String why) implements SignatureArtifact {}
}
