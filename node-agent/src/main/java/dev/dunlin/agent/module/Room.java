package dev.dunlin.agent.module;

import dev.dunlin.oci.Digest;
import dev.dunlin.oci.Progress;
import dev.dunlin.oci.RegistryException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps room for one fetch as it announces its blobs, before their bytes come. */
final class Room implements Progress {
  private final Digest manifest;
  private final CacheIndex index;
  private final CacheFolder folder;
  private final long limitBytes;
  private final Map<Digest, Long> announced = new HashMap<>();

  Room(Digest manifest, CacheIndex index, CacheFolder folder, long limitBytes) {
    this.manifest = manifest;
    this.index = index;
    this.folder = folder;
    this.limitBytes = limitBytes;
  }

  @Override
  public void received(Digest blob, long receivedBytes, long totalBytes) {
    if (announced.put(blob, totalBytes) == null) {
      reserve(announced.values().stream().mapToLong(Long::longValue).sum());
    }
  }

  /** Makes the reservation {@code bytes}, at the cost of what is not in use. */
  void reserve(long bytes) {
    if (bytes > limitBytes) {
      throw new RegistryException(
          RegistryException.Kind.TOO_LARGE,
          "%s: expected at most the node's module cache of %d bytes, found %d"
              .formatted(manifest, limitBytes, bytes));
    }
    List<Digest> victims = index.reserve(manifest, bytes);
    if (victims == null) {
      throw ModuleStoreException.full(
          "module cache %s: expected room for %d bytes, found %d of %d in use by instances and fetches"
              .formatted(folder.root(), bytes, index.usedBytes(), limitBytes),
          null);
    }
    delete(victims, index, folder);
  }

  static void delete(List<Digest> victims, CacheIndex index, CacheFolder folder) {
    UncheckedIOException fault = null;
    for (Digest victim : victims) {
      try {
        folder.delete(victim);
      } catch (UncheckedIOException e) {
        fault = e;
        index.addRemnant(victim, folder.bytes(victim));
      } finally {
        index.release(victim);
      }
    }
    if (fault != null) {
      throw fault;
    }
  }
}
