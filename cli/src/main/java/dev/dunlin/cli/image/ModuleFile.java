package dev.dunlin.cli.image;

import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Progress;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A module on this machine's disk.
 *
 * @param name how the user called it
 * @param digest of its bytes
 */
public record ModuleFile(String name, Path path, Digest digest) {

  /** A file of the user's. */
  public static ModuleFile at(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new Failure(
          "%s: expected a WebAssembly module, found %s"
              .formatted(path, Files.exists(path) ? "no file" : "nothing"));
    }
    return new ModuleFile(path.toString(), path, Digest.of(read(path)));
  }

  /** What a registry has under a name, as an agent would fetch it. */
  public static ModuleFile pulled(
      String image, Registries registries, CacheFolder cache, Terminal terminal) {
    ImageReference reference = reference(image);
    Keychain keychain = DockerConfig.of(System.getenv()).keychain(reference);
    return registries.with(client -> {
      Digest manifest = client.resolve(reference, keychain);
      Path file = cache.folder("modules").resolve(manifest.hex() + ".wasm");
      if (!Files.exists(file)) {
        try (var progress = new Progress(terminal, "pulling " + image)) {
          client.fetch(
              reference.withDigest(manifest),
              keychain,
              file,
              (blob, received, total) -> progress.at(received, total));
        }
      }
      return new ModuleFile(image, file, Digest.of(read(file)));
    });
  }

  /** An image's name as the user wrote it. */
  public static ImageReference reference(String image) {
    try {
      return ImageReference.parse(image);
    } catch (IllegalArgumentException e) {
      throw new Failure(Exit.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  public byte[] bytes() {
    return read(path);
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED, "%s: expected a file that can be read, found: %s".formatted(path, e), e);
    }
  }
}
