package dev.dunlin.operator.aggregate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.https.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What every Kubernetes API says of itself, and of what it does not answer. */
public final class Documents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Documents() {}

  static Object groups(List<ApiGroup> groups) {
    return Map.of(
        "kind",
        "APIGroupList",
        "apiVersion",
        "v1",
        "groups",
        groups.stream().map(Documents::group).toList());
  }

  static Map<String, Object> group(ApiGroup group) {
    var version =
        Map.of("groupVersion", group.name() + "/" + group.version(), "version", group.version());
    return Map.of(
        "kind",
        "APIGroup",
        "apiVersion",
        "v1",
        "name",
        group.name(),
        "versions",
        List.of(version),
        "preferredVersion",
        version);
  }

  static Object resources(ApiGroup group) {
    return Map.of(
        "kind",
        "APIResourceList",
        "apiVersion",
        "v1",
        "groupVersion",
        group.name() + "/" + group.version(),
        "resources",
        group.resources().stream()
            .map(it ->
                Map.of(
                    "name",
                    it.name(),
                    "singularName",
                    "",
                    "namespaced",
                    true,
                    "kind",
                    it.kind(),
                    "verbs",
                    List.of("get")))
            .toList());
  }

  /** Answers with a document. */
  public static void send(Response response, int code, Object document) throws IOException {
    response.send(code, "application/json", json(document));
  }

  /** Answers with a Status, which clients show to people. */
  public static void refuse(Response response, int code, String message) throws IOException {
    send(
        response,
        code,
        Map.of(
            "kind",
            "Status",
            "apiVersion",
            "v1",
            "metadata",
            Map.of(),
            "status",
            "Failure",
            "message",
            message,
            "reason",
            reason(code),
            "code",
            code));
  }

  private static String reason(int code) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 429 -> "TooManyRequests";
      case 503 -> "ServiceUnavailable";
      default -> "InternalError";
    };
  }

  private static byte[] json(Object document) {
    try {
      return (JSON.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("maps and lists are always JSON", impossible);
    }
  }
}
