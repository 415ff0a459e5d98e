package dev.dunlin.oci.testing;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who may do what: nobody asked, user and password, or tokens. */
sealed interface Guard {
  /** The challenge for a request that may not pass, or null when it may. */
  @Nullable String challenge(HttpExchange exchange, String repository);

  /** Everybody may. */
  record Open() implements Guard {
    @Override
    public @Nullable String challenge(HttpExchange exchange, String repository) {
      return null;
    }
  }

  /** Whoever knows the password. */
  record Basic(String username, String password) implements Guard {
    @Override
    public @Nullable String challenge(HttpExchange exchange, String repository) {
      return isKnown(exchange, username, password) ? null : "Basic realm=\"test, registry\"";
    }
  }

  /** Whoever brings a token that {@code /token} gave for this repository. */
  final class Tokens implements Guard {
    private final String username;
    private final String password;
    private final long expiresInSeconds;
    private final String realm;
    private final Set<String> publicRepositories;
    private final Map<String, String> repositoryByToken = new ConcurrentHashMap<>();

    Tokens(
        String username,
        String password,
        long expiresInSeconds,
        String realm,
        Set<String> publicRepositories) {
      this.username = username;
      this.password = password;
      this.expiresInSeconds = expiresInSeconds;
      this.realm = realm;
      this.publicRepositories = Set.copyOf(publicRepositories);
    }

    @Override
    public @Nullable String challenge(HttpExchange exchange, String repository) {
      String header = exchange.getRequestHeaders().getFirst("Authorization");
      String token = header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
      return repository.equals(repositoryByToken.get(token))
          ? null
          : "Bearer realm=\"%s\",service=\"test\",scope=\"repository:%s:pull,push\""
              .formatted(realm, repository);
    }

    /** The token for {@code scope}, or null when the credentials do not earn one. */
    @Nullable String issue(HttpExchange exchange, String scope) {
      String[] parts = scope.split(":", -1);
      String repository = parts.length == 3 ? parts[1] : "";
      if (!publicRepositories.contains(repository) && !isKnown(exchange, username, password)) {
        return null;
      }
      String token = UUID.randomUUID().toString();
      repositoryByToken.put(token, repository);
      return "{\"token\":\"%s\",\"expires_in\":%d}".formatted(token, expiresInSeconds);
    }

    /** Every token given so far is worth nothing. */
    void revoke() {
      repositoryByToken.clear();
    }
  }

  private static boolean isKnown(HttpExchange exchange, String username, String password) {
    String expected =
        Base64.getEncoder()
            .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    return ("Basic " + expected).equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }
}
