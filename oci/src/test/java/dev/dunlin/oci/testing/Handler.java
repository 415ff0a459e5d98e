package dev.dunlin.oci.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.dunlin.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The paths of the distribution-spec: pull, push, and tags. */
final class Handler implements HttpHandler {
  private static final Pattern PATH =
      Pattern.compile("/v2/(.+?)/(manifests|blobs/uploads|blobs|tags)/?([^/]*)");

  private final InMemoryRegistry registry;
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();

  Handler(InMemoryRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      registry.log(exchange);
      var reply =
          new Reply(exchange, registry.faults().next(exchange.getRequestMethod() + " " + path));
      if (reply.isAnswered()) {
        return;
      }
      if (path.equals("/token")) {
        token(exchange, reply);
        return;
      }
      Matcher matcher = PATH.matcher(path);
      String repository = matcher.matches() ? matcher.group(1) : "";
      String challenge = registry.guard().challenge(exchange, repository);
      if (challenge != null) {
        reply.header("WWW-Authenticate", challenge);
        reply.error(401, "UNAUTHORIZED", "authentication required");
      } else if (path.equals("/v2/") || path.equals("/v2")) {
        reply.send(200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
      } else if (!matcher.matches()) {
        reply.error(404, "NAME_UNKNOWN", "no such path");
      } else {
        route(exchange, reply, repository, matcher.group(2), matcher.group(3));
      }
    }
  }

  private void route(
      HttpExchange exchange, Reply reply, String repository, String kind, String name)
      throws IOException {
    switch (exchange.getRequestMethod() + " " + kind) {
      case "GET manifests", "HEAD manifests" -> manifest(reply, repository, name);
      case "PUT manifests" -> putManifest(exchange, reply, repository, name);
      case "GET blobs", "HEAD blobs" -> blob(reply, repository, name);
      case "POST blobs/uploads" -> beginUpload(exchange, reply, repository);
      case "PATCH blobs/uploads" -> patchUpload(exchange, reply, repository, name);
      case "PUT blobs/uploads" -> endUpload(exchange, reply, repository, name);
      case "GET tags" ->
          reply.send(200, "application/json", tagList(repository).getBytes(StandardCharsets.UTF_8));
      default -> reply.error(405, "UNSUPPORTED", exchange.getRequestMethod());
    }
  }

  private void token(HttpExchange exchange, Reply reply) throws IOException {
    String scope = query(exchange).getOrDefault("scope", "");
    String token =
        registry.guard() instanceof Guard.Tokens tokens ? tokens.issue(exchange, scope) : null;
    if (token == null) {
      reply.error(401, "UNAUTHORIZED", "wrong user or password");
    } else {
      reply.send(200, "application/json", token.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void manifest(Reply reply, String repository, String name) throws IOException {
    Content.StoredManifest manifest = registry.content().manifest(repository, name);
    if (manifest == null) {
      reply.error(404, "MANIFEST_UNKNOWN", "manifest unknown");
      return;
    }
    if (registry.announcesDigests()) {
      reply.header("Docker-Content-Digest", manifest.digest().toString());
    }
    reply.send(200, manifest.mediaType(), manifest.bytes());
  }

  private void putManifest(HttpExchange exchange, Reply reply, String repository, String name)
      throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    Digest digest =
        registry.content().putManifest(repository, name, type == null ? "" : type, bytes);
    reply.header("Location", "/v2/" + repository + "/manifests/" + digest);
    reply.header("Docker-Content-Digest", digest.toString());
    reply.send(201, "text/plain", new byte[0]);
  }

  private void blob(Reply reply, String repository, String digest) throws IOException {
    byte[] blob = registry.content().blob(repository, digest);
    if (blob == null) {
      reply.error(404, "BLOB_UNKNOWN", "blob unknown to registry");
      return;
    }
    reply.header("Docker-Content-Digest", digest);
    reply.sendRange("application/octet-stream", blob);
  }

  private void beginUpload(HttpExchange exchange, Reply reply, String repository)
      throws IOException {
    String id = UUID.randomUUID().toString();
    var upload = new ByteArrayOutputStream();
    uploads.put(id, upload);
    if (query(exchange).containsKey("digest")) {
      endUpload(exchange, reply, repository, id);
      return;
    }
    accepted(reply, repository, id, upload);
  }

  private void patchUpload(HttpExchange exchange, Reply reply, String repository, String id)
      throws IOException {
    ByteArrayOutputStream upload = uploads.get(id);
    byte[] chunk = exchange.getRequestBody().readAllBytes();
    if (upload == null) {
      reply.error(404, "BLOB_UPLOAD_UNKNOWN", id);
      return;
    }
    upload.writeBytes(chunk);
    accepted(reply, repository, id, upload);
  }

  private static void accepted(
      Reply reply, String repository, String id, ByteArrayOutputStream upload) throws IOException {
    reply.header("Location", "/v2/" + repository + "/blobs/uploads/" + id);
    reply.header("Docker-Upload-UUID", id);
    reply.header("Range", "0-" + Math.max(0, upload.size() - 1));
    reply.send(202, "text/plain", new byte[0]);
  }

  private void endUpload(HttpExchange exchange, Reply reply, String repository, String id)
      throws IOException {
    ByteArrayOutputStream upload = uploads.remove(id);
    byte[] chunk = exchange.getRequestBody().readAllBytes();
    if (upload == null) {
      reply.error(404, "BLOB_UPLOAD_UNKNOWN", id);
      return;
    }
    upload.writeBytes(chunk);
    Digest digest = Digest.parse(query(exchange).getOrDefault("digest", ""));
    if (!digest.matches(upload.toByteArray())) {
      reply.error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
      return;
    }
    registry.content().putBlob(repository, digest, upload.toByteArray());
    reply.header("Location", "/v2/" + repository + "/blobs/" + digest);
    reply.header("Docker-Content-Digest", digest.toString());
    reply.send(201, "text/plain", new byte[0]);
  }

  private String tagList(String repository) {
    return "{\"name\":\"%s\",\"tags\":[%s]}"
        .formatted(
            repository,
            registry.content().tags(repository).stream()
                .map(tag -> "\"" + tag + "\"")
                .collect(Collectors.joining(",")));
  }

  private static Map<String, String> query(HttpExchange exchange) {
    var query = new ConcurrentHashMap<String, String>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
