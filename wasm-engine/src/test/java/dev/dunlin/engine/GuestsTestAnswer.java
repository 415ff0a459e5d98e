package dev.dunlin.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a guest has answered to a request, held against what was recorded. */
final class GuestsTestAnswer implements HttpResponse {
  /**
   * Headers that guests set; the recording has these alone (see CHOSEN_HEADERS in guests/record).
   */
  private static final List<String> CHOSEN_HEADERS = List.of("content-type", "x-reflected");

  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final OutputStream body;
  private int status;

  GuestsTestAnswer(OutputStream body) {
    this.body = body;
  }

  @Override
  public OutputStream begin(int status, List<HttpHeader> headers) {
    this.status = status;
    headers.forEach(header -> this.headers.put(header.name(), header.value()));
    return body;
  }

  int status() {
    return status;
  }

  void isAsRecorded(JsonNode expected, byte[] body) {
    assertThat(status)
        .as("status of: %s", new String(body, UTF_8))
        .isEqualTo(expected.required("status").asInt());
    for (String name : CHOSEN_HEADERS) {
      assertThat(headers.get(name))
          .as("header " + name)
          .isEqualTo(expected.required("headers").path(name).textValue());
    }
    assertBytes("body", expected.required("body"), body);
  }

  /** The guest breaks before it answers, and the caller learns it. */
  static void assertFails(HttpGuest http, HttpRequest request, GuestsTestAnswer answer)
      throws InterruptedException {
    try {
      assertThat(http.answer(request, answer)).isNotEqualTo(new Outcome.Exited(0));
    } catch (HttpGuest.BadResponseException e) {
      assertThat(e).hasMessageContaining("response");
    }
    assertThat(answer.status).as("status, when nothing was to be sent").isZero();
  }

  /** Text, or the length and SHA-256 of much text. */
  static void assertBytes(String what, JsonNode expected, byte[] found) {
    if (expected.isTextual()) {
      assertThat(new String(found, UTF_8)).as(what).isEqualTo(expected.asText());
      return;
    }
    assertThat(found.length).as("length of " + what).isEqualTo(expected.required("length").asInt());
    assertThat(sha256(found))
        .as("SHA-256 of " + what)
        .isEqualTo(expected.required("sha256").asText());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
