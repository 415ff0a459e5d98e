package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Outbound.Call;
import dev.dunlin.engine.Outbound.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What guests send to other hosts: counted by grant and result, and part of the request's trace.
 */
class OutboundTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @TempDir private Path scratch;

  private final List<Map.Entry<String, String>> traces = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Engine engine;

  @SuppressWarnings("NullAway.Init")
  private HttpServer upstream;

  @BeforeEach
  void open() throws IOException {
    engine = NativeOrSkip.open(scratch);
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    upstream.createContext(
        "/",
        exchange -> {
          traces.add(
              Map.entry(
                  String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")),
                  String.valueOf(exchange.getRequestHeaders().getFirst("tracestate"))));
          exchange.getRequestBody().readAllBytes();
          int status = exchange.getRequestURI().getPath().equals("/broken") ? 500 : 200;
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    upstream.start();
  }

  @AfterEach
  void close() {
    upstream.stop(0);
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust-http-p2", "rust-http-p3"})
  void requestsAreCountedByTheGrantThatLetsThemAndByWhatCameOfThem(String name) throws Exception {
    String closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      closed = "127.0.0.1:" + socket.getLocalPort();
    }
    try (Module module = load(name);
        HttpGuest guest = serve(module, List.of("example.com", here(), closed), 1)) {
      fetch(guest, here() + "/fine");
      fetch(guest, here() + "/fine");
      fetch(guest, here() + "/broken");
      fetch(guest, closed + "/");
      fetch(guest, "127.0.0.2:1/");

      assertThat(guest.outbound())
          .isEqualTo(
              new Outbound(
                  Map.of(
                      new Call(here(), Result.SUCCESSFUL), 2L,
                      new Call(here(), Result.SERVER_ERROR), 1L,
                      new Call(closed, Result.FAILED), 1L,
                      new Call(Call.OTHERS, Result.DENIED), 1L)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust-http-p2", "rust-http-p3"})
  void requestsBelongToTheTraceOfTheOneThatIsAnswered(String name) throws Exception {
    try (Module module = load(name);
        HttpGuest guest = serve(module, List.of(here()), 10)) {
      fetch(
          guest,
          here() + "/",
          new HttpHeader("traceparent", PARENT),
          new HttpHeader("tracestate", "vendor=1"));
      fetch(guest, here() + "/"); // by the same instance: the trace before is none of its business

      assertThat(traces).containsExactly(Map.entry(PARENT, "vendor=1"), Map.entry("null", "null"));
    }
  }

  /** Also not by another way to write an address, or a name that leads there. */
  @ParameterizedTest
  @ValueSource(strings = {"rust-http-p2", "rust-http-p3"})
  void neitherTheNodeNorTheMetadataIsReachedWhateverElseIs(String name) throws Exception {
    int port = upstream.getAddress().getPort();
    var places =
        List.of(
            "127.0.0.1:" + port,
            "127.1.2.3:" + port,
            "0.0.0.0:" + port,
            "[::1]:" + port,
            "[::]:" + port,
            "[::ffff:127.0.0.1]:" + port,
            "[64:ff9b::7f00:1]:" + port,
            "localhost:" + port,
            "a.localhost:" + port,
            "127.1:" + port,
            "2130706433:" + port,
            "0x7f000001:" + port,
            "169.254.169.254:80",
            "2852039166:80",
            "[::ffff:169.254.169.254]:80",
            "[fd00:ec2::254]:80",
            "100.100.100.200:80");
    try (Module module = load(name);
        HttpGuest guest = serve(module, List.of("*", "0.0.0.0/0", "::/0"), 1)) {
      for (String place : places) {
        fetch(guest, place + "/latest/meta-data");
      }

      assertThat(traces).isEmpty();
      assertThat(guest.outbound().counts().keySet())
          .extracting(Call::result)
          .containsOnly(Result.DENIED);
      assertThat(guest.outbound().counts().values().stream().mapToLong(it -> it).sum())
          .isEqualTo(places.size());
    }
  }

  private String here() {
    return "127.0.0.1:" + upstream.getAddress().getPort();
  }

  private Module load(String name) throws Exception {
    return engine.load(Files.readAllBytes(Path.of("guests", name, "guest.wasm")));
  }

  private static HttpGuest serve(Module module, List<String> hosts, int requestsPerInstance) {
    return module.http(
        new Grants(List.of(), Map.of(), List.of(), hosts),
        Limits.defaults(),
        new HttpSettings(
            OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), requestsPerInstance));
  }

  private static void fetch(HttpGuest guest, String what, HttpHeader... headers) throws Exception {
    guest.answer(
        new HttpRequest(
            "GET",
            "http",
            "guest.example.com",
            "/fetch",
            what,
            List.of(headers),
            InputStream.nullInputStream(),
            "127.0.0.1"),
        (status, given) -> new ByteArrayOutputStream());
  }
}
