package dev.dunlin.agent.module;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.oci.Credentials;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import java.util.List;
import java.util.Set;

/**
 * Decides who may use a module that is on the node. A registry is believed about its credentials
 * once it has given every byte of the module: digests are no secret, and anybody may own a registry
 * that says yes to them.
 */
final class Admission {
  private final RegistryClient registries;
  private final CacheFolder folder;
  private final CacheIndex index;
  private final PullRights rights;
  private final Turns proofs = new Turns();

  Admission(RegistryClient registries, CacheFolder folder, CacheIndex index, PullRights rights) {
    this.registries = registries;
    this.folder = folder;
    this.index = index;
    this.rights = rights;
  }

  /** Asks the registry for what it has not shown yet; the module must be pinned. */
  void require(ImageReference image, Digest manifest, ImagePullPolicy policy, Keychain keychain) {
    List<Credentials> credentials = registries.presented(image, keychain);
    while (true) {
      Set<String> granted = index.rights(manifest);
      boolean known = rights.allow(granted, image, credentials);
      if (policy == ImagePullPolicy.Never && !known) {
        throw ModuleStoreException.neverPulled(image);
      }
      if (known && policy != ImagePullPolicy.Always) {
        return;
      }
      if (granted.contains(holder(image))) {
        registries.resolve(image, keychain);
        grant(manifest, shown(image, keychain));
        return;
      }
      if (prove(image, manifest, keychain)) {
        return;
      }
    }
  }

  /** The name of the image's repository as one that holds the module. */
  String holder(ImageReference image) {
    return rights.holder(image);
  }

  /** What a fetch with these credentials has shown. */
  Set<String> shown(ImageReference image, Keychain keychain) {
    return Set.of(holder(image), rights.of(image, registries.presented(image, keychain)));
  }

  // False when another caller was at it, which may have settled it for this one too.
  private boolean prove(ImageReference image, Digest manifest, Keychain keychain) {
    String proof = manifest + " " + holder(image);
    if (!proofs.takeOrAwait(proof)) {
      return false;
    }
    try {
      registries.prove(image, keychain);
      grant(manifest, shown(image, keychain));
      return true;
    } finally {
      proofs.end(proof);
    }
  }

  private void grant(Digest manifest, Set<String> shown) {
    folder.grant(manifest, shown);
    index.grant(manifest, shown);
  }
}
