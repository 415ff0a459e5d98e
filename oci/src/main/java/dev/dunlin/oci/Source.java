package dev.dunlin.oci;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One place that may hold a repository: a mirror, or the registry itself.
 *
 * @param authority where it listens, {@code host[:port]}
 * @param keyName what its credentials are filed under
 */
record Source(String authority, String keyName, String repository, boolean plainHttp) {
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  /** The mirrors in order, then the origin. */
  static List<Source> of(ImageReference image, RegistryConfig config) {
    var sources = new ArrayList<Source>();
    for (String mirror : config.mirrors().getOrDefault(image.registry(), List.of())) {
      sources.add(of(mirror, image.repository(), config));
    }
    sources.add(of(image.registry(), image.repository(), config));
    return sources;
  }

  /** The registry itself. */
  static Source origin(ImageReference image, RegistryConfig config) {
    return of(image.registry(), image.repository(), config);
  }

  private static Source of(String host, String repository, RegistryConfig config) {
    String authority = host.equals(ImageReference.DOCKER_HUB) ? DOCKER_HUB_HOST : host;
    return new Source(authority, host, repository, config.plainHttpRegistries().contains(host));
  }

  URI manifest(String tagOrDigest) {
    return uri("manifests", tagOrDigest);
  }

  URI blob(Digest digest) {
    return uri("blobs", digest.toString());
  }

  /** What refers to a digest and is of that type; a registry may leave the choice to the reader. */
  URI referrers(Digest digest, String artifactType) {
    return URI.create(
        uri("referrers", digest.toString())
            + "?artifactType="
            + URLEncoder.encode(artifactType, StandardCharsets.UTF_8));
  }

  URI uploads() {
    return URI.create(base() + "/v2/" + repository + "/blobs/uploads/");
  }

  Optional<Credentials> credentials(Keychain keychain) {
    return keychain.find(keyName, repository);
  }

  private URI uri(String kind, String name) {
    return URI.create(base() + "/v2/" + repository + "/" + kind + "/" + name);
  }

  String base() {
    return (plainHttp ? "http://" : "https://") + authority;
  }

  @Override
  public String toString() {
    return base() + "/" + repository;
  }
}
