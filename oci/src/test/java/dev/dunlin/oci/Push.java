package dev.dunlin.oci;

import dev.dunlin.oci.testing.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Pushes as any client does, over HTTP: to registries that are not ours to reach into. */
final class Push implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final String authorization;

  /**
   * @param authorization empty for none
   */
  Push(String baseUrl, String authorization) {
    this.base = URI.create(baseUrl);
    this.authorization = authorization;
  }

  Digest push(String repository, String tagOrDigest, Artifact artifact) {
    artifact.blobs().forEach(blob -> pushBlob(repository, blob));
    artifact.children().forEach(child -> push(repository, child.digest().toString(), child));
    send(
        201,
        HttpRequest.newBuilder(base.resolve("/v2/" + repository + "/manifests/" + tagOrDigest))
            .header("Content-Type", artifact.mediaType())
            .PUT(BodyPublishers.ofByteArray(artifact.manifest())));
    return artifact.digest();
  }

  private void pushBlob(String repository, byte[] blob) {
    var begun =
        send(
            202,
            HttpRequest.newBuilder(base.resolve("/v2/" + repository + "/blobs/uploads/"))
                .POST(BodyPublishers.noBody()));
    URI location = base.resolve(begun.headers().firstValue("Location").orElseThrow());
    String digest = (location.getQuery() == null ? "?" : "&") + "digest=" + Digest.of(blob);
    send(
        201,
        HttpRequest.newBuilder(URI.create(location + digest))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(blob)));
  }

  private HttpResponse<String> send(int expected, HttpRequest.Builder request) {
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() != expected) {
        throw new AssertionError(
            "%s: expected %d, found %d: %s"
                .formatted(response.uri(), expected, response.statusCode(), response.body()));
      }
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
