package dev.dunlin.agent.code;

import dev.dunlin.agent.module.ModuleHandle;
import dev.dunlin.agent.module.ModuleStore;
import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.nio.file.Path;
import java.util.Optional;

/** Modules from the node's disk, and from the registries behind it. */
public record StoredModules(ModuleStore store) implements ModuleSource {
  @Override
  public Bytes get(ImageReference image, ImagePullPolicy policy, Keychain keychain) {
    return new Stored(store.get(image, policy, keychain));
  }

  @Override
  public Optional<Bytes> kept(ImageReference image) {
    return store.kept(image).map(Stored::new);
  }

  private record Stored(ModuleHandle handle) implements Bytes {
    @Override
    public Path path() {
      return handle.path();
    }

    @Override
    public Digest content() {
      return handle.content();
    }

    @Override
    public void close() {
      handle.close();
    }
  }
}
