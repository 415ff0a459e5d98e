package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings one module to a repository: blobs first, then the manifest (distribution-spec, Pushing). A
 * blob goes in one request, and in pieces where the registry (or what stands before it) finds that
 * too large.
 */
final class ModulePush {
  private static final int CHUNK_BYTES = 4 << 20;
  private static final int TOO_LARGE = 413;
  private static final Map<String, String> BINARY =
      Map.of("Content-Type", "application/octet-stream");

  private final Pull to;
  private final Progress progress;

  ModulePush(Pull to, Progress progress) {
    this.to = to;
    this.progress = progress;
  }

  Digest push(ModuleArtifact module) {
    byte[] config = module.config();
    byte[] manifest = module.manifest(config);
    blob(module.wasm());
    blob(config);
    retrying("manifest", () -> putManifest(manifest));
    return Digest.of(manifest);
  }

  private void blob(byte[] content) {
    Digest digest = Digest.of(content);
    retrying(
        "blob " + digest,
        () -> {
          if (!isThere(digest)) {
            upload(digest, content);
          }
          progress.received(digest, content.length, content.length);
          return digest;
        });
  }

  private boolean isThere(Digest digest) throws IOException {
    try (Response response = to.send("HEAD", to.source().blob(digest), Map.of())) {
      return switch (response.status()) {
        case 200 -> true;
        case 404 -> false;
        default -> throw refusal(response, "blob " + digest);
      };
    }
  }

  private void upload(Digest digest, byte[] content) throws IOException {
    URI at = begin(digest);
    BodyPublisher whole = counted(digest, content, 0, content.length);
    try (Response response = send("PUT", with(at, digest), BINARY, whole)) {
      if (response.status() == 201) {
        return;
      }
      if (response.status() != TOO_LARGE) {
        throw refusal(response, "blob " + digest);
      }
    }
    inPieces(digest, content);
  }

  private URI begin(Digest digest) throws IOException {
    try (Response response =
        send("POST", to.source().uploads(), Map.of(), BodyPublishers.noBody())) {
      if (response.status() != 202) {
        throw refusal(response, "upload of blob " + digest);
      }
      return location(response);
    }
  }

  private void inPieces(Digest digest, byte[] content) throws IOException {
    URI at = begin(digest);
    for (int from = 0; from < content.length; from += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, content.length - from);
      var headers =
          Map.of(
              "Content-Type",
              "application/octet-stream",
              "Content-Range",
              from + "-" + (from + length - 1));
      BodyPublisher piece = counted(digest, content, from, length);
      try (Response response = send("PATCH", at, headers, piece)) {
        if (response.status() != 202) {
          throw refusal(response, "blob %s from byte %d".formatted(digest, from));
        }
        at = location(response);
      }
    }
    try (Response response = send("PUT", with(at, digest), BINARY, BodyPublishers.noBody())) {
      if (response.status() != 201) {
        throw refusal(response, "blob " + digest);
      }
    }
  }

  private Digest putManifest(byte[] manifest) throws IOException {
    Digest digest = Digest.of(manifest);
    URI at = to.source().manifest(to.image().manifestName());
    var headers = Map.of("Content-Type", MediaTypes.OCI_MANIFEST);
    try (Response response = send("PUT", at, headers, BodyPublishers.ofByteArray(manifest))) {
      if (response.status() != 201) {
        throw refusal(response, "manifest " + to.image());
      }
      String found = response.header("Docker-Content-Digest").orElse(digest.toString());
      if (!found.equals(digest.toString())) {
        throw new RegistryException(
            Kind.DIGEST_MISMATCH,
            "%s: expected the registry to store %s, it says %s"
                .formatted(to.image(), digest, found));
      }
    }
    return digest;
  }

  private Response send(String method, URI uri, Map<String, String> headers, BodyPublisher body)
      throws IOException {
    return to.transport().send(to.source(), method, uri, headers, to.credentials(), body);
  }

  private URI location(Response response) {
    @Nullable URI found =
        response.header("Location").map(text -> response.uri().resolve(text)).orElse(null);
    boolean trusted =
        found != null
            && found.getHost() != null
            && (to.source().plainHttp() || "https".equals(found.getScheme()));
    if (found == null || !trusted) {
      throw new RegistryException(
          Kind.INVALID,
          "%s: upload: expected the place to send it to (Location, an https URL), found %s"
              .formatted(to.source(), found == null ? "none" : "'" + found + "'"));
    }
    return found;
  }

  private static URI with(URI at, Digest digest) {
    String text = at.toString();
    return URI.create(text + (text.contains("?") ? "&" : "?") + "digest=" + digest);
  }

  /** Tells how far it is, as the bytes are taken. */
  private BodyPublisher counted(Digest digest, byte[] content, int from, int length) {
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(
            () -> new CountedInput(digest, content, from, length, progress)),
        length);
  }

  private RegistryException refusal(Response response, String what) throws IOException {
    if (response.status() == 401 || response.status() == 403) {
      return new RegistryException(
          Kind.UNAUTHORIZED,
          "push of %s: %s answered %d; %s"
              .formatted(
                  what,
                  to.source(),
                  response.status(),
                  to.credentials()
                      .map(it -> "user '" + it.username() + "' may not push there")
                      .orElse("no credentials for it were found")));
    }
    return Refusal.of(response, "push of " + what, to.credentials());
  }

  private <T> void retrying(String what, Backoff.Attempt<T> attempt) {
    var _ =
        Backoff.retrying(to.timeouts(), "push of %s to %s".formatted(what, to.source()), attempt);
  }

  /** A part of a blob that tells of what was read. */
  private static final class CountedInput extends InputStream {
    private final ByteArrayInputStream bytes;
    private final Digest digest;
    private final long total;
    private final Progress progress;
    private long read;

    CountedInput(Digest digest, byte[] content, int from, int length, Progress progress) {
      this.bytes = new ByteArrayInputStream(content, from, length);
      this.digest = digest;
      this.total = content.length;
      this.progress = progress;
      this.read = from;
    }

    @Override
    public int read() {
      int one = bytes.read();
      read += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int at, int length) {
      int n = bytes.read(into, at, length);
      if (n > 0) {
        read += n;
        progress.received(digest, read, total);
      }
      return n;
    }
  }
}
