package dev.dunlin.agent.trace;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP receiver on the loopback. Reads of protobuf what spans are made of
 * (opentelemetry/proto/trace/v1/trace.proto).
 */
public final class Receiver implements AutoCloseable {
  private static final byte[] NONE = new byte[0];

  private final HttpServer server;
  private final List<Seen> spans = new CopyOnWriteArrayList<>();
  private final List<String> paths = new CopyOnWriteArrayList<>();

  /** A span that has arrived, with its own attributes and its resource's. */
  public record Seen(
      String traceId,
      String spanId,
      String parentId,
      String name,
      long kind,
      long statusCode,
      Map<String, String> attributes,
      Map<String, String> resource) {}

  public Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            paths.add(exchange.getRequestURI().getPath());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if ("gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))) {
              body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            }
            read(body);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public List<Seen> spans() {
    return List.copyOf(spans);
  }

  public List<String> paths() {
    return List.copyOf(paths);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void read(byte[] request) {
    fields(
        request,
        (number, resourceSpans) -> {
          var resource = new TreeMap<String, String>();
          var found = new ArrayList<byte[]>();
          fields(
              resourceSpans,
              (at, part) -> {
                if (at == 1) {
                  fields(part, (n, attribute) -> attribute(n, 1, attribute, resource));
                } else if (at == 2) {
                  fields(
                      part,
                      (n, span) -> {
                        if (n == 2) {
                          found.add(span);
                        }
                      });
                }
              });
          found.forEach(span -> spans.add(span(span, resource)));
        });
  }

  private static Seen span(byte[] bytes, Map<String, String> resource) {
    var text = new TreeMap<Integer, byte[]>();
    var attributes = new TreeMap<String, String>();
    fields(
        bytes,
        (number, value) -> {
          text.put(number, value);
          attribute(number, 9, value, attributes);
        });
    var status = new TreeMap<Integer, byte[]>();
    fields(text.getOrDefault(15, NONE), status::put);
    return new Seen(
        HexFormat.of().formatHex(text.get(1)),
        HexFormat.of().formatHex(text.get(2)),
        HexFormat.of().formatHex(text.getOrDefault(4, NONE)),
        new String(text.get(5), StandardCharsets.UTF_8),
        number(text.getOrDefault(6, NONE)),
        status.containsKey(3) ? number(status.get(3)) : 0,
        attributes,
        resource);
  }

  private static void attribute(int number, int wanted, byte[] bytes, Map<String, String> into) {
    if (number != wanted) {
      return;
    }
    var parts = new TreeMap<Integer, byte[]>();
    fields(bytes, parts::put);
    fields(
        parts.getOrDefault(2, NONE),
        (kind, value) ->
            into.put(
                new String(parts.get(1), StandardCharsets.UTF_8),
                kind == 1
                    ? new String(value, StandardCharsets.UTF_8)
                    : String.valueOf(number(value))));
  }

  /** Varints arrive as eight bytes. */
  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static void fields(byte[] bytes, BiConsumer<Integer, byte[]> each) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long key = varint(in);
      byte[] value =
          switch ((int) (key & 7)) {
            case 0 ->
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(varint(in)).array();
            case 1 -> take(in, 8);
            case 2 -> take(in, (int) varint(in));
            case 5 -> take(in, 4);
            default -> throw new IllegalArgumentException("no wire type of protobuf: " + (key & 7));
          };
      each.accept((int) (key >>> 3), value);
    }
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }
}
