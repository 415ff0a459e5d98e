package dev.dunlin.oci.testing;

import dev.dunlin.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What the registry holds, by repository. Safe for many threads. */
final class Content {
  /** A manifest as it was pushed. */
  @SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
  record StoredManifest(byte[] bytes, String mediaType, Digest digest) {}

  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, StoredManifest> manifests = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Digest>> tags = new ConcurrentHashMap<>();

  void putBlob(String repository, Digest digest, byte[] bytes) {
    blobs.put(repository + "@" + digest, bytes);
  }

  byte @Nullable [] blob(String repository, String digest) {
    return blobs.get(repository + "@" + digest);
  }

  Digest putManifest(String repository, String tagOrDigest, String mediaType, byte[] bytes) {
    boolean byDigest = tagOrDigest.contains(":");
    Digest digest = byDigest ? Digest.parse(tagOrDigest) : Digest.of(bytes);
    manifests.put(repository + "@" + digest, new StoredManifest(bytes, mediaType, digest));
    if (!byDigest) {
      tags.computeIfAbsent(repository, r -> new ConcurrentSkipListMap<>()).put(tagOrDigest, digest);
    }
    return digest;
  }

  @Nullable StoredManifest manifest(String repository, String tagOrDigest) {
    Digest tagged = tags.getOrDefault(repository, Map.of()).get(tagOrDigest);
    return manifests.get(repository + "@" + (tagged == null ? tagOrDigest : tagged.toString()));
  }

  void deleteManifest(String repository, String tagOrDigest) {
    StoredManifest manifest = manifest(repository, tagOrDigest);
    if (manifest != null) {
      manifests.remove(repository + "@" + manifest.digest());
      tags.getOrDefault(repository, Map.of()).values().remove(manifest.digest());
    }
  }

  List<String> tags(String repository) {
    return List.copyOf(tags.getOrDefault(repository, Map.of()).keySet());
  }
}
