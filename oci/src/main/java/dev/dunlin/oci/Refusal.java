package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an answer that is not what was asked for. */
final class Refusal {
  private static final int BODY_BYTES = 8 << 10;
  private static final int SNIPPET_CHARS = 120;

  private Refusal() {}

  /**
   * What the caller can do about it.
   *
   * @throws TransientFault when coming again is the answer
   */
  static RegistryException of(Response response, String what, Optional<Credentials> credentials)
      throws IOException {
    String found =
        "%s answered %d%s"
            .formatted(response.uri().getAuthority(), response.status(), detail(response));
    return switch (response.status()) {
      case 401, 403 ->
          new RegistryException(
              Kind.UNAUTHORIZED, what + ": " + found + "; " + presented(credentials));
      case 404 -> new RegistryException(Kind.NOT_FOUND, what + ": not found; " + found);
      case 408, 425, 429 -> throw new TransientFault(found, retryAfter(response));
      default -> {
        if (response.status() >= 500) {
          throw new TransientFault(found, retryAfter(response));
        }
        yield new RegistryException(Kind.INVALID, what + ": " + found);
      }
    };
  }

  /** The beginning of a text in one printable line. */
  static String snippet(byte[] bytes) {
    String text =
        new String(bytes, 0, Math.min(bytes.length, SNIPPET_CHARS * 4), StandardCharsets.UTF_8)
            .replaceAll("[\\p{Cntrl}\\p{Space}\\uFFFD]+", " ")
            .strip();
    if (text.isEmpty()) {
      return bytes.length == 0 ? "nothing" : bytes.length + " unprintable bytes";
    }
    return "'"
        + (text.length() > SNIPPET_CHARS ? text.substring(0, SNIPPET_CHARS) + "…" : text)
        + "'";
  }

  private static String presented(Optional<Credentials> credentials) {
    return credentials
        .map(c ->
            "the pull secret's user '" + c.username() + "' may not read it, or it is not there")
        .orElse("the pull secrets hold no credentials for it, or it is not there");
  }

  private static @Nullable Duration retryAfter(Response response) {
    // The other form, a date, needs the registry's clock to be ours.
    return response
        .header("Retry-After")
        .filter(v -> v.matches("[0-9]{1,6}"))
        .map(v -> Duration.ofSeconds(Long.parseLong(v)))
        .orElse(null);
  }

  private static String detail(Response response) {
    byte[] body;
    try {
      body = response.readUpTo(BODY_BYTES);
    } catch (IOException e) {
      return " (its body broke off)";
    }
    if (body.length == 0) {
      return "";
    }
    try {
      JsonNode error = Json.MAPPER.readTree(body).path("errors").path(0);
      if (error.has("code")) {
        return " %s: %s".formatted(error.path("code").asText(), error.path("message").asText());
      }
    } catch (JsonProcessingException e) {
      return " with " + snippet(body);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return " with " + snippet(body);
  }
}
