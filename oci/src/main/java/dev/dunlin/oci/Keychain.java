package dev.dunlin.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The credentials of one app's pull secrets, found by registry and repository. Immutable. */
public final class Keychain {
  /** Knows nobody: every pull is anonymous. */
  public static final Keychain EMPTY = new Keychain(List.of());

  /** A key without scheme: host with optional port, and a path that may be empty. */
  private record Entry(String host, String path, Credentials credentials) {
    boolean covers(String registry, String repository) {
      return hostMatches(registry)
          && (path.isEmpty() || repository.equals(path) || repository.startsWith(path + "/"));
    }

    // Kubernetes allows '*' for a part of a host name's label (docs: images, config.json).
    private boolean hostMatches(String registry) {
      if (!host.contains("*")) {
        return host.equalsIgnoreCase(registry);
      }
      String pattern = Pattern.quote(host).replace("*", "\\E[^.:]*\\Q");
      return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE).matcher(registry).matches();
    }
  }

  private final List<Entry> entries;

  private Keychain(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads the texts under {@code .dockerconfigjson} of pull secrets, the first of equal keys first.
   *
   * @throws IllegalArgumentException where a text is no such JSON; it quotes no secret
   */
  public static Keychain ofDockerConfigs(List<String> texts) {
    var entries = new ArrayList<Entry>();
    for (String text : texts) {
      JsonNode auths = readAuths(text);
      for (var auth : auths.properties()) {
        Credentials credentials = credentialsOf(auth.getKey(), auth.getValue());
        if (credentials != null) {
          entries.add(entryOf(auth.getKey(), credentials));
        }
      }
    }
    return new Keychain(entries);
  }

  /**
   * The credentials whose key fits most closely, if any: the longest path, then the first given.
   */
  public Optional<Credentials> find(ImageReference image) {
    return find(image.registry(), image.repository());
  }

  Optional<Credentials> find(String registry, String repository) {
    Entry best = null;
    for (Entry entry : entries) {
      if (entry.covers(registry, repository)
          && (best == null || entry.path().length() > best.path().length())) {
        best = entry;
      }
    }
    return Optional.ofNullable(best).map(Entry::credentials);
  }

  private static JsonNode readAuths(String text) {
    JsonNode root;
    try {
      root = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // The parser's own message may quote the secret.
      throw new IllegalArgumentException(
          "pull secret: expected JSON with an object 'auths', found something that is not JSON");
    }
    if (!root.path("auths").isObject()) {
      throw new IllegalArgumentException(
          "pull secret: expected JSON with an object 'auths', found none");
    }
    return root.path("auths");
  }

  private static @Nullable Credentials credentialsOf(String key, JsonNode auth) {
    String encoded = auth.path("auth").asText("");
    if (!encoded.isEmpty()) {
      String decoded = decode(key, encoded);
      int colon = decoded.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(
            "pull secret, auths['%s'].auth: expected base64 of user:password, found no ':'"
                .formatted(key));
      }
      return new Credentials(decoded.substring(0, colon), decoded.substring(colon + 1));
    }
    String username = auth.path("username").asText("");
    return username.isEmpty() ? null : new Credentials(username, auth.path("password").asText(""));
  }

  private static String decode(String key, String encoded) {
    try {
      return new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "pull secret, auths['%s'].auth: expected base64 of user:password, found something else"
              .formatted(key),
          e);
    }
  }

  private static Entry entryOf(String key, Credentials credentials) {
    String bare = key.replaceFirst("^https?://", "").replaceFirst("/+$", "");
    int slash = bare.indexOf('/');
    String host = slash < 0 ? bare : bare.substring(0, slash);
    String path = slash < 0 ? "" : bare.substring(slash + 1);
    if (host.equals("index.docker.io") || host.equals("registry-1.docker.io")) {
      host = ImageReference.DOCKER_HUB;
    }
    // Docker Hub's key of old, https://index.docker.io/v1/, names an API and no repository.
    path = path.replaceFirst("^v[12](/|$)", "");
    return new Entry(host, path, credentials);
  }

  @Override
  public String toString() {
    return "Keychain" + entries.stream().map(e -> e.host() + "/" + e.path()).toList();
  }
}
