package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

/** Gets the manifests that say where one module is, through indexes if need be. */
final class LocationFetch {
  // An index of an index is legal; deeper ones are somebody's joke.
  private static final int INDEX_DEPTH = 3;

  private final Pull pull;
  private final ManifestFetch manifests;

  LocationFetch(Pull pull) {
    this.pull = pull;
    this.manifests = new ManifestFetch(pull);
  }

  ModuleLocation fetch(Digest manifest) {
    return locate(manifest, artifact(manifest));
  }

  /** The one artifact for WebAssembly behind {@code manifest}. */
  Manifest.Artifact artifact(Digest manifest) {
    return artifact(manifest, INDEX_DEPTH);
  }

  ModuleLocation locate(Digest manifest, Manifest.Artifact artifact) {
    try {
      return ModuleLocation.of(artifact);
    } catch (IllegalArgumentException e) {
      throw refused(manifest, e);
    }
  }

  private Manifest.Artifact artifact(Digest digest, int depth) {
    return switch (manifests.fetch(digest)) {
      case Manifest.Artifact artifact -> artifact;
      case Manifest.Index index -> {
        if (depth == 0) {
          throw refused(digest, new IllegalArgumentException("too many indexes in each other"));
        }
        try {
          yield artifact(ModuleLocation.choose(index).digest(), depth - 1);
        } catch (IllegalArgumentException e) {
          throw refused(digest, e);
        }
      }
    };
  }

  /** What the one gets who asked for a manifest that holds no module. */
  RegistryException refused(Digest manifest, IllegalArgumentException e) {
    return new RegistryException(
        Kind.INVALID, "'%s' of %s: %s".formatted(manifest, pull.source(), e.getMessage()), e);
  }
}
