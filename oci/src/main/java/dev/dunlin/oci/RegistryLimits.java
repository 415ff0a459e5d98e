package dev.dunlin.oci;

/**
 * What is refused as too large.
 *
 * @param moduleBytes of a module, and of each layer it comes in
 * @param unpackedBytes of all layers of a compat image together, unpacked: what a decompression
 *     bomb meets
 */
public record RegistryLimits(long moduleBytes, long unpackedBytes) {
  /** Manifests and configurations (distribution-spec recommends 4 MiB). */
  static final int MANIFEST_BYTES = 4 << 20;

  public static final RegistryLimits DEFAULT = new RegistryLimits(512L << 20, 2L << 30);

  public RegistryLimits {
    if (moduleBytes <= 0 || unpackedBytes <= 0) {
      throw new IllegalArgumentException(
          "registry limits: expected positive byte counts, found %d and %d"
              .formatted(moduleBytes, unpackedBytes));
    }
  }
}
