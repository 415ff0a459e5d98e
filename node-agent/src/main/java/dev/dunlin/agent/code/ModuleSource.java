package dev.dunlin.agent.code;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.nio.file.Path;
import java.util.Optional;

/** Where the bytes of modules come from. Safe for use by many threads. */
public interface ModuleSource {
  /**
   * The module of an image, on the disk.
   *
   * @param image by digest
   * @throws dev.dunlin.oci.RegistryException when it cannot be had
   */
  Bytes get(ImageReference image, ImagePullPolicy policy, Keychain keychain);

  /**
   * The same from this node's disk alone, for whoever was given it before; no registry is asked.
   * Empty where it is not there any more, or not as it was.
   */
  default Optional<Bytes> kept(ImageReference image) {
    return Optional.empty();
  }

  /** A file that stays while this is open. */
  interface Bytes extends AutoCloseable {
    Path path();

    /** Of what the file holds. */
    Digest content();

    @Override
    void close();
  }
}
