package dev.dunlin.oci;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One question to one source: follows redirects, and shows credentials where they belong. */
final class Transport implements AutoCloseable {
  private static final int REDIRECTS = 5;

  private final Http http;
  private final Authorizer authorizer;

  Transport(RegistryConfig config) {
    http = new Http(config);
    authorizer = new Authorizer(http);
  }

  /** The answer, whatever its status. */
  Response send(
      Source source,
      String method,
      URI uri,
      Map<String, String> headers,
      Optional<Credentials> credentials)
      throws IOException {
    return send(source, method, uri, headers, credentials, null);
  }

  /**
   * The same with a body. Where {@code uri} is not the source's own (a registry may let others
   * store what it is sent), no credentials go there.
   */
  Response send(
      Source source,
      String method,
      URI uri,
      Map<String, String> headers,
      Optional<Credentials> credentials,
      @Nullable BodyPublisher body)
      throws IOException {
    boolean home = sameAuthority(URI.create(source.base()), uri);
    String remembered = home ? authorizer.remembered(source, credentials) : null;
    Response response = follow(source, method, uri, headers, remembered, body);
    if (response.status() != 401 || !home || !sameAuthority(uri, response.uri())) {
      return response;
    }
    authorizer.forget(source, credentials);
    Optional<Challenge> challenge = Challenge.of(response.headers().allValues("WWW-Authenticate"));
    if (challenge.isEmpty()) {
      return response;
    }
    response.close();
    String answer = authorizer.answer(challenge.get(), source, credentials);
    return follow(source, method, uri, headers, answer, body);
  }

  private Response follow(
      Source source,
      String method,
      URI uri,
      Map<String, String> headers,
      @Nullable String authorization,
      @Nullable BodyPublisher body)
      throws IOException {
    URI at = uri;
    boolean home = true;
    for (int hops = 0; hops <= REDIRECTS; hops++) {
      var all = new HashMap<>(headers);
      if (home && authorization != null) {
        all.put("Authorization", authorization);
      }
      Response response =
          body == null ? http.send(method, at, all) : http.send(method, at, all, body);
      if (!response.isRedirect()) {
        return response;
      }
      response.close();
      at = next(source, at, response.header("Location").orElseThrow());
      home &= sameAuthority(uri, at);
    }
    throw new RegistryException(
        RegistryException.Kind.INVALID,
        "%s: expected an answer, found more than %d redirects".formatted(uri, REDIRECTS));
  }

  private static URI next(Source source, URI at, String location) {
    URI next;
    try {
      next = at.resolve(location);
    } catch (IllegalArgumentException e) {
      throw badRedirect(source, "a URL", location);
    }
    boolean https = "https".equalsIgnoreCase(next.getScheme());
    if (next.getHost() == null
        || (!https && !(source.plainHttp() && "http".equalsIgnoreCase(next.getScheme())))) {
      throw badRedirect(source, "an https URL", location);
    }
    return next;
  }

  private static RegistryException badRedirect(Source source, String expected, String location) {
    return new RegistryException(
        RegistryException.Kind.INVALID,
        "%s: redirect: expected %s, found '%s'".formatted(source.base(), expected, location));
  }

  private static boolean sameAuthority(URI a, URI b) {
    return Objects.equals(a.getScheme(), b.getScheme())
        && Objects.equals(a.getAuthority(), b.getAuthority());
  }

  @Override
  public void close() {
    http.close();
  }
}
