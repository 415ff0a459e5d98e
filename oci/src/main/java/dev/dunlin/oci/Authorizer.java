package dev.dunlin.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers challenges, and remembers the answers: by place, repository and credentials, so that no
 * caller ever gets what another one's credentials earned.
 */
final class Authorizer {
  private static final int TOKEN_BYTES = 1 << 20;
  private static final int REMEMBERED = 4096;
  // The token specification's default, and what is held back for the request to travel.
  private static final long DEFAULT_SECONDS = 60;
  private static final long MARGIN_SECONDS = 5;

  private record Key(Source source, Optional<Credentials> credentials) {}

  private record Header(String value, long untilNanos) {
    boolean isCurrent() {
      return System.nanoTime() - untilNanos < 0;
    }
  }

  private final Http http;
  private final Map<Key, Header> remembered = new ConcurrentHashMap<>();

  Authorizer(Http http) {
    this.http = http;
  }

  /** The Authorization header that worked here before, while it lasts. */
  @Nullable String remembered(Source source, Optional<Credentials> credentials) {
    Header header = remembered.get(new Key(source, credentials));
    return header != null && header.isCurrent() ? header.value() : null;
  }

  void forget(Source source, Optional<Credentials> credentials) {
    remembered.remove(new Key(source, credentials));
  }

  /** The Authorization header that answers {@code challenge}. */
  String answer(Challenge challenge, Source source, Optional<Credentials> credentials)
      throws IOException {
    Header header =
        switch (challenge) {
          case Challenge.Basic basic ->
              new Header(
                  basic(credentials.orElseThrow(() -> nobody(source))),
                  System.nanoTime() + Duration.ofDays(365).toNanos());
          case Challenge.Bearer bearer -> token(bearer, source, credentials);
        };
    if (remembered.size() >= REMEMBERED) {
      remembered.clear();
    }
    remembered.put(new Key(source, credentials), header);
    return header.value();
  }

  private Header token(Challenge.Bearer bearer, Source source, Optional<Credentials> credentials)
      throws IOException {
    URI uri = tokenUri(bearer, source);
    Map<String, String> headers =
        credentials.map(c -> Map.of("Authorization", basic(c))).orElse(Map.of());
    try (Response response = http.send("GET", uri, headers)) {
      if (response.status() != 200) {
        throw Refusal.of(
            response, "token for " + source + " from " + uri.getAuthority(), credentials);
      }
      return tokenOf(response, uri);
    }
  }

  private static Header tokenOf(Response response, URI uri) throws IOException {
    byte[] body = response.readUpTo(TOKEN_BYTES);
    JsonNode json = readJson(body);
    String token = json.path("token").asText(json.path("access_token").asText(""));
    if (token.isEmpty() || body.length > TOKEN_BYTES) {
      throw new RegistryException(
          RegistryException.Kind.INVALID,
          "token from %s: expected JSON with 'token', found %d bytes without"
              .formatted(uri.getAuthority(), body.length));
    }
    long seconds = json.path("expires_in").asLong(DEFAULT_SECONDS);
    long usable = Math.max(0, Math.min(seconds, 24 * 3600) - MARGIN_SECONDS);
    return new Header("Bearer " + token, System.nanoTime() + Duration.ofSeconds(usable).toNanos());
  }

  private static JsonNode readJson(byte[] body) throws IOException {
    try {
      return Json.MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return Json.MAPPER.missingNode();
    }
  }

  private static URI tokenUri(Challenge.Bearer bearer, Source source) {
    String scope =
        bearer.scope() != null ? bearer.scope() : "repository:" + source.repository() + ":pull";
    String query =
        (bearer.service() == null ? "" : "service=" + encode(bearer.service()) + "&")
            + "scope="
            + encode(scope);
    URI realm;
    try {
      realm = URI.create(bearer.realm() + (bearer.realm().contains("?") ? "&" : "?") + query);
    } catch (IllegalArgumentException e) {
      throw badRealm(source, bearer, "a URL");
    }
    boolean https = "https".equals(realm.getScheme());
    if (!https && !(source.plainHttp() && "http".equals(realm.getScheme()))) {
      throw badRealm(source, bearer, "an https URL, because credentials go there");
    }
    return realm;
  }

  private static RegistryException badRealm(
      Source source, Challenge.Bearer bearer, String expected) {
    return new RegistryException(
        RegistryException.Kind.UNAUTHORIZED,
        "%s: token realm: expected %s, found '%s'"
            .formatted(source.base(), expected, bearer.realm()));
  }

  private static RegistryException nobody(Source source) {
    return new RegistryException(
        RegistryException.Kind.UNAUTHORIZED,
        "%s asks for user and password; the pull secrets hold none for %s"
            .formatted(source, source.keyName()));
  }

  private static String basic(Credentials credentials) {
    String pair = credentials.username() + ":" + credentials.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
