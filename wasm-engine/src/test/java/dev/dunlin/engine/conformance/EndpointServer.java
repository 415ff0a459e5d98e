package dev.dunlin.engine.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The HTTP server that wasi-testsuite's client tests talk to: canned answers, echoes of bodies and
 * headers, chunks and trailers, one request a connection.
 */
final class EndpointServer implements Closeable {
  private record Field(String name, String value) {}

  private record Request(
      String method,
      String path,
      List<Field> headers,
      ByteArrayOutputStream body,
      List<Field> trailers) {}

  private final ServerSocket socket;
  private final JsonNode endpoints;

  EndpointServer(JsonNode endpoints) throws IOException {
    this.endpoints = endpoints;
    this.socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().name("endpoints").start(this::serve);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        Thread.ofVirtual().start(() -> answer(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answer(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      reply(read(in), connection.getOutputStream());
    } catch (IOException | NumberFormatException e) {
      // A guest that breaks off a request on purpose: the connection ends, as it should.
      System.err.println("a test's request was broken off: " + e);
    }
  }

  private static Request read(InputStream in) throws IOException {
    var words = line(in).split(" ", 3);
    if (words.length < 2) {
      throw new IOException("no request line");
    }
    var headers = fields(in);
    if (first(headers, "transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      var body = chunks(in);
      return new Request(words[0], words[1], headers, body, fields(in));
    }
    var length = first(headers, "content-length");
    var body = new ByteArrayOutputStream();
    body.write(in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)));
    return new Request(words[0], words[1], headers, body, List.of());
  }

  private static ByteArrayOutputStream chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
    for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
      body.write(in.readNBytes(size));
      line(in);
    }
    return body;
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static List<Field> fields(InputStream in) throws IOException {
    var fields = new ArrayList<Field>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      fields.add(
          new Field(
              line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
              line.substring(colon + 1).strip()));
    }
    return fields;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("ends in the middle of a line");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private static String first(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .map(Field::value)
        .findFirst()
        .orElse("");
  }

  private void reply(Request request, OutputStream out) throws IOException {
    var endpoint = endpoint(request);
    if (endpoint.isMissingNode()) {
      send(out, request, 404, List.of(), new byte[0]);
      return;
    }
    switch (endpoint.path("mode").asText("static")) {
      case "echo-body" -> send(out, request, 200, List.of(), request.body().toByteArray());
      case "echo-headers" -> send(out, request, 200, echoed(request), new byte[0]);
      default -> replyStatic(out, request, endpoint.path("response"));
    }
  }

  private JsonNode endpoint(Request request) {
    for (var endpoint : endpoints) {
      if (endpoint.path("method").asText("GET").equals(request.method())
          && endpoint.path("path").asText("/").equals(request.path())) {
        return endpoint;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  private static List<Field> echoed(Request request) {
    var echoed = new ArrayList<Field>();
    echoed.add(new Field("x-request-method", request.method()));
    echoed.add(new Field("x-request-path", request.path()));
    request
        .headers()
        .forEach(header -> echoed.add(new Field("x-echo-" + header.name(), header.value())));
    request
        .trailers()
        .forEach(field -> echoed.add(new Field("x-trailer-" + field.name(), field.value())));
    return echoed;
  }

  private static void replyStatic(OutputStream out, Request request, JsonNode response)
      throws IOException {
    if (response.isTextual()) {
      send(out, request, 200, List.of(), utf8(response.asText()));
      return;
    }
    int status = response.path("status").asInt(200);
    if (!response.has("chunks")) {
      var body = utf8(response.path("body").asText(""));
      send(out, request, status, fields(response.path("headers")), body);
      return;
    }
    var headers = fields(response.path("headers"));
    headers.add(new Field("Transfer-Encoding", "chunked"));
    var trailers = fields(response.path("trailers"));
    if (!trailers.isEmpty()) {
      headers.add(
          new Field("Trailer", String.join(", ", trailers.stream().map(Field::name).toList())));
    }
    head(out, status, headers);
    for (var chunk : response.path("chunks")) {
      var bytes = utf8(chunk.asText());
      out.write(utf8(Integer.toHexString(bytes.length) + "\r\n"));
      out.write(bytes);
      out.write(utf8("\r\n"));
    }
    out.write(utf8("0\r\n"));
    writeFields(out, trailers);
    out.flush();
  }

  private static List<Field> fields(JsonNode object) {
    var fields = new ArrayList<Field>();
    object
        .properties()
        .forEach(entry -> fields.add(new Field(entry.getKey(), entry.getValue().asText())));
    return fields;
  }

  private static void send(
      OutputStream out, Request request, int status, List<Field> headers, byte[] body)
      throws IOException {
    var all = new ArrayList<>(headers);
    all.add(new Field("Content-Length", Integer.toString(body.length)));
    head(out, status, all);
    if (!request.method().equals("HEAD")) {
      out.write(body);
    }
    out.flush();
  }

  private static void head(OutputStream out, int status, List<Field> headers) throws IOException {
    out.write(utf8("HTTP/1.1 " + status + " -\r\n"));
    var all = new ArrayList<>(headers);
    all.add(new Field("Connection", "close"));
    writeFields(out, all);
  }

  private static void writeFields(OutputStream out, List<Field> fields) throws IOException {
    for (var field : fields) {
      out.write(utf8(field.name() + ": " + field.value() + "\r\n"));
    }
    out.write(utf8("\r\n"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
