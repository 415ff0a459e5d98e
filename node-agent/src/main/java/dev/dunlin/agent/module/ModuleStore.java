package dev.dunlin.agent.module;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.FetchedModule;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * The node's modules: a bounded cache on disk before the registries. Each module is fetched once
 * however many ask, checked before it is given out, and given only to those whose registry has
 * shown that it holds it and lets their credentials read it. Safe for use by many threads; calls
 * block.
 */
public final class ModuleStore {
  private final RegistryClient registries;
  private final CacheFolder folder;
  private final CacheIndex index;
  private final Admission admission;
  private final InstantSource clock;
  private final long limitBytes;

  private ModuleStore(
      RegistryClient registries, CacheFolder folder, long limitBytes, InstantSource clock) {
    this.registries = registries;
    this.folder = folder;
    this.index = new CacheIndex(limitBytes);
    this.admission = new Admission(registries, folder, index, new PullRights(folder.key()));
    this.clock = clock;
    this.limitBytes = limitBytes;
  }

  /**
   * Takes over what {@code folder} holds from an earlier life.
   *
   * @param folder of this store alone
   * @param limitBytes of all modules together, unfinished ones too
   */
  public static ModuleStore open(
      Path folder, long limitBytes, RegistryClient registries, InstantSource clock) {
    var store = new ModuleStore(registries, new CacheFolder(folder), limitBytes, clock);
    for (Digest manifest : store.folder.manifests()) {
      store
          .folder
          .read(manifest)
          .ifPresentOrElse(
              module -> store.index.add(module, store.folder.rights(manifest), false),
              () -> store.index.addRemnant(manifest, store.folder.bytes(manifest)));
    }
    Room.delete(store.index.claimExcess(), store.index, store.folder);
    return store;
  }

  /**
   * The module of an image, on disk until the handle is closed.
   *
   * @param image by digest
   * @throws RegistryException when the registry does not give it, or does not let these credentials
   *     read it
   * @throws ModuleStoreException when the node has no room, or may not ask ({@code Never})
   * @throws CancellationException when the thread is interrupted
   */
  public ModuleHandle get(ImageReference image, ImagePullPolicy policy, Keychain keychain) {
    Digest manifest = manifestOf(image);
    try {
      return get(image, manifest, policy, keychain);
    } catch (UncheckedIOException e) {
      throw storageFault(e);
    }
  }

  private ModuleHandle get(
      ImageReference image, Digest manifest, ImagePullPolicy policy, Keychain keychain) {
    boolean shown = false;
    while (true) {
      switch (index.claim(manifest)) {
        case CacheIndex.Claim.Busy busy -> Turns.await(busy.done());
        case CacheIndex.Claim.Unchecked unchecked -> check(unchecked.module());
        case CacheIndex.Claim.Missing missing -> {
          fetch(image, manifest, policy, keychain);
          shown = true;
        }
        case CacheIndex.Claim.Pinned pinned -> {
          return handle(image, pinned.module(), policy, keychain, shown);
        }
      }
    }
  }

  /**
   * The same from the disk alone, for whoever was given it before: its bytes are checked anew, and
   * no registry is asked. Empty where it is not there, or not any more as it was.
   */
  public Optional<ModuleHandle> kept(ImageReference image) {
    Digest manifest = manifestOf(image);
    index.doubt(manifest);
    try {
      while (true) {
        switch (index.claim(manifest)) {
          case CacheIndex.Claim.Busy busy -> Turns.await(busy.done());
          case CacheIndex.Claim.Unchecked unchecked -> check(unchecked.module());
          case CacheIndex.Claim.Missing missing -> {
            index.release(manifest);
            return Optional.empty();
          }
          case CacheIndex.Claim.Pinned pinned -> {
            return Optional.of(touched(handle(pinned.module())));
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw storageFault(e);
    }
  }

  private ModuleHandle touched(ModuleHandle handle) {
    try {
      folder.touch(handle.manifest(), clock.instant());
      return handle;
    } catch (RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  private ModuleHandle handle(CachedModule module) {
    return new ModuleHandle(
        folder.module(module.manifest()), module, () -> index.unpin(module.manifest()));
  }

  private static Digest manifestOf(ImageReference image) {
    Digest manifest = image.digest();
    if (manifest == null) {
      throw new IllegalArgumentException(
          "module store: expected a reference by digest, found " + image);
    }
    return manifest;
  }

  /** Manifest digests of the modules on disk, most recently used first. */
  public List<Digest> cachedDigests() {
    return index.manifests();
  }

  /** Bytes that the cache holds or has promised to a fetch under way. */
  public long usedBytes() {
    return index.usedBytes();
  }

  private ModuleHandle handle(
      ImageReference image,
      CachedModule module,
      ImagePullPolicy policy,
      Keychain keychain,
      boolean shown) {
    ModuleHandle handle = handle(module);
    try {
      if (!shown) {
        admission.require(image, module.manifest(), policy, keychain);
      }
    } catch (RuntimeException e) {
      handle.close();
      throw e;
    }
    return touched(handle);
  }

  private void check(CachedModule module) {
    try {
      if (module.content().ofFile(folder.module(module.manifest())).equals(module.content())) {
        index.markChecked(module.manifest());
      } else {
        index.remove(module.manifest());
        folder.delete(module.manifest());
      }
    } catch (UncheckedIOException e) {
      // An unreadable file is as good as none.
      index.remove(module.manifest());
      folder.delete(module.manifest());
    } finally {
      index.release(module.manifest());
    }
  }

  private void fetch(
      ImageReference image, Digest manifest, ImagePullPolicy policy, Keychain keychain) {
    boolean whole = false;
    try {
      if (policy == ImagePullPolicy.Never) {
        throw ModuleStoreException.neverPulled(image);
      }
      folder.begin(manifest, admission.holder(image));
      var room = new Room(manifest, index, folder, limitBytes);
      FetchedModule fetched = registries.fetch(image, keychain, folder.module(manifest), room);
      room.reserve(fetched.sizeBytes());
      Set<String> shown = admission.shown(image, keychain);
      folder.grant(manifest, shown);
      var module = new CachedModule(manifest, fetched.content(), fetched.sizeBytes());
      folder.write(module);
      index.add(module, shown, true);
      whole = true;
    } finally {
      try {
        if (!whole) {
          keepRemnant(manifest);
        }
      } finally {
        index.release(manifest);
      }
    }
  }

  private void keepRemnant(Digest manifest) {
    long bytes = folder.bytes(manifest);
    if (bytes > 0) {
      index.addRemnant(manifest, bytes);
    } else {
      index.remove(manifest);
      folder.delete(manifest);
    }
  }

  /** Says what the disk refused; where it is full, drops what nobody uses, for the next try. */
  private ModuleStoreException storageFault(UncheckedIOException fault) {
    String found = String.valueOf(fault.getMessage());
    boolean full = found.contains("No space left") || found.contains("quota");
    List<Digest> victims = full ? index.claimEvictable() : List.of();
    try {
      Room.delete(victims, index, folder);
    } catch (UncheckedIOException e) {
      fault.addSuppressed(e);
    }
    return ModuleStoreException.full(
        "module cache %s: expected to store a module, found: %s; dropped %d modules that were not in use"
            .formatted(folder.root(), found, victims.size()),
        fault);
  }
}
