package dev.dunlin.e2e.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP/1.1 request, exactly as it is to be sent. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpCall(String method, String path, Map<String, String> headers, byte[] body) {
  public HttpCall {
    headers = Map.copyOf(headers);
  }

  public static HttpCall get(String path) {
    return new HttpCall("GET", path, Map.of(), new byte[0]);
  }

  public static HttpCall post(String path, byte[] body) {
    return new HttpCall("POST", path, Map.of(), body);
  }

  /** Sends it on a connection of its own. */
  public HttpAnswer send(String host, int port) throws IOException {
    try (var connection = HttpConnection.to(host, port)) {
      return connection.send(closing());
    }
  }

  private HttpCall closing() {
    var more = new LinkedHashMap<>(headers);
    more.put("Connection", "close");
    return new HttpCall(method, path, more, body);
  }

  /** Everything before the body, as it is sent. */
  byte[] head(String server) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("Host", server);
    lines.putAll(headers);
    if (body.length > 0) lines.put("Content-Length", String.valueOf(body.length));
    var text = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
