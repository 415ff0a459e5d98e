package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gets the bare module of one manifest into one file, whatever the artifact's format. */
final class ModuleFetch {
  // An index of an index is legal; deeper ones are somebody's joke.
  private static final int INDEX_DEPTH = 3;

  private final Pull pull;
  private final ManifestFetch manifests;
  private final BlobFetch blobs;
  private final Path target;

  ModuleFetch(Pull pull, Path target, Progress progress) {
    this.pull = pull;
    this.target = target;
    this.manifests = new ManifestFetch(pull);
    this.blobs = new BlobFetch(pull, progress);
  }

  FetchedModule fetch(Digest manifest) {
    Manifest.Artifact artifact = artifact(manifest, INDEX_DEPTH);
    try {
      return switch (ModuleLocation.of(artifact)) {
        case ModuleLocation.Layer layer -> fetchLayer(manifest, layer);
        case ModuleLocation.RootFile file ->
            new RootFileFetch(pull, blobs, target).fetch(manifest, file);
      };
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

  private FetchedModule fetchLayer(Digest manifest, ModuleLocation.Layer module) {
    Descriptor layer = module.layer();
    blobs.requireSize(layer, pull.config().limits().moduleBytes(), "layer");
    Path part = partOf(target, layer);
    blobs.fetch(layer, part);
    move(part, target);
    return new FetchedModule(manifest, layer.digest(), layer.sizeBytes(), module.format());
  }

  /** Where a blob on its way to {@code target} waits: beside it, the same for every attempt. */
  static Path partOf(Path target, Descriptor blob) {
    return target.resolveSibling(
        target.getFileName() + "." + blob.digest().hex().substring(0, 16) + ".part");
  }

  static void move(Path part, Path target) {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RegistryException refused(Digest manifest, IllegalArgumentException e) {
    return new RegistryException(
        Kind.INVALID, "'%s' of %s: %s".formatted(manifest, pull.source(), e.getMessage()), e);
  }
}
