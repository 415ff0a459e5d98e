package dev.dunlin.oci;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a registry asks for with 401: a token from somewhere, or user and password. */
sealed interface Challenge {
  /** Token authentication (distribution: spec/auth/token). */
  record Bearer(String realm, @Nullable String service, @Nullable String scope)
      implements Challenge {}

  /** User and password with each request (RFC 7617). */
  record Basic() implements Challenge {}

  Pattern BEARER = Pattern.compile("(?i)(?:^|,)\\s*Bearer\\s+(.*)");
  Pattern BASIC = Pattern.compile("(?i)(?:^|,)\\s*Basic\\b");

  /** The one we can answer best, of the values of {@code WWW-Authenticate}. */
  static Optional<Challenge> of(List<String> headers) {
    for (String header : headers) {
      Matcher bearer = BEARER.matcher(header);
      if (bearer.find()) {
        String realm = parameter(bearer.group(1), "realm");
        if (realm != null) {
          return Optional.of(
              new Bearer(
                  realm,
                  parameter(bearer.group(1), "service"),
                  parameter(bearer.group(1), "scope")));
        }
      }
    }
    return headers.stream().anyMatch(h -> BASIC.matcher(h).find())
        ? Optional.of(new Basic())
        : Optional.empty();
  }

  private static @Nullable String parameter(String parameters, String name) {
    var pattern =
        Pattern.compile("(?i)(?:^|[\\s,])" + name + "=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");
    Matcher matcher = pattern.matcher(parameters);
    if (!matcher.find()) {
      return null;
    }
    return matcher.group(1) == null
        ? matcher.group(2)
        : matcher.group(1).replaceAll("\\\\(.)", "$1");
  }
}
