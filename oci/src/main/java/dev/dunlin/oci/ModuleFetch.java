package dev.dunlin.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gets the bare module of one manifest into one file, whatever the artifact's format. */
final class ModuleFetch {
  private final Pull pull;
  private final LocationFetch locations;
  private final BlobFetch blobs;
  private final Path target;

  ModuleFetch(Pull pull, Path target, Progress progress) {
    this.pull = pull;
    this.target = target;
    this.locations = new LocationFetch(pull);
    this.blobs = new BlobFetch(pull, progress);
  }

  FetchedModule fetch(Digest manifest) {
    ModuleLocation location = locations.fetch(manifest);
    try {
      return switch (location) {
        case ModuleLocation.Layer layer -> fetchLayer(manifest, layer);
        case ModuleLocation.RootFile file ->
            new RootFileFetch(pull, blobs, target).fetch(manifest, file);
      };
    } catch (IllegalArgumentException e) {
      throw locations.refused(manifest, e);
    }
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
}
