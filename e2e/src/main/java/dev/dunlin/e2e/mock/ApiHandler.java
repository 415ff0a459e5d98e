package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.dunlin.e2e.mock.ApiVerbs.Answer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP to verbs and back. */
final class ApiHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
  private static final Duration LONGEST_WATCH = Duration.ofMinutes(30);

  private final Store store;
  private final Kinds kinds;
  private final ApiVerbs verbs;
  private final Discovery discovery;
  private final OpenApi openApi;

  ApiHandler(Store store, Kinds kinds, ApiVerbs verbs) {
    this.store = store;
    this.kinds = kinds;
    this.verbs = verbs;
    this.discovery = new Discovery(kinds);
    this.openApi = new OpenApi(kinds);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      ApiRequest request = ApiRequest.read(exchange);
      try {
        route(request, exchange);
      } catch (ApiError refused) {
        send(exchange, refused.code(), refused.status());
      } catch (RuntimeException bug) {
        LOG.error("{} {} failed", request.method(), exchange.getRequestURI(), bug);
        ApiError error = ApiError.internal(bug.toString());
        send(exchange, error.code(), error.status());
      }
    }
  }

  private void route(ApiRequest request, HttpExchange exchange) throws IOException {
    if (isWebSocket(exchange)) {
      // 200 instead of 101: fabric8's client then watches by a plain GET, as kubectl does anyway.
      send(exchange, 200, Json.object());
      return;
    }
    if (List.of("/livez", "/readyz", "/healthz").contains(request.path())) {
      write(exchange, 200, "text/plain", "ok".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return;
    }
    Optional<ObjectNode> known =
        discovery.answer(request.path()).or(() -> openApi.answer(request.path()));
    if (known.isPresent()) {
      send(exchange, 200, known.get());
      return;
    }
    Optional<ObjectNode> review = Reviews.answer(request);
    if (review.isPresent()) {
      send(exchange, 201, review.get());
      return;
    }
    ApiPath path =
        Optional.of(request.path())
            .filter(text -> text.startsWith("/api"))
            .flatMap(text -> ApiPath.parse(text, kinds))
            .orElseThrow(() -> ApiError.noSuchPath(request.path()));
    if (request.method().equals("GET") && request.asks("watch")) {
      watch(path, request, exchange);
    } else {
      if (request.contentType().endsWith("protobuf") && !request.body().isEmpty()) {
        throw ApiError.unsupportedMediaType(request.contentType());
      }
      Answer answer = verbs.answer(path, request);
      send(exchange, answer.code(), answer.body());
    }
  }

  private void watch(ApiPath path, ApiRequest request, HttpExchange exchange) throws IOException {
    Kind kind = path.kind();
    String fields = request.query("fieldSelector");
    if (!path.isCollection()) fields = "metadata.name=" + path.name();
    Predicate<JsonNode> selector = Selector.of(kind, request.query("labelSelector"), fields);
    UnaryOperator<ObjectNode> shown =
        request.wantsTable()
            ? object ->
                Tables.of(kind, List.of(object), Meta.resourceVersion(object), Instant.now())
            : object -> object;
    var watch =
        new Watch(kind, path.namespace(), selector, shown, request.asks("allowWatchBookmarks"));
    String from = request.query("resourceVersion");
    boolean initial = from.isEmpty() || from.equals("0") || request.asks("sendInitialEvents");
    var snapshot = store.list(ApiPath.storageGroup(kind), kind.plural(), path.namespace());
    long after = initial ? snapshot.version() : version(from);
    try (var changes = store.subscribe(after)) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      out.flush();
      if (initial) {
        for (ObjectNode object : snapshot.objects()) {
          ObjectNode served = Events.served(kind, object);
          if (selector.test(served)) watch.send(watch.added(served), out);
        }
      }
      if (request.asks("sendInitialEvents")) watch.send(endOfInitialEvents(watch, after), out);
      watch.stream(changes, out, longest(request));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server is closing");
    }
  }

  private static ObjectNode endOfInitialEvents(Watch watch, long version) {
    ObjectNode bookmark = watch.bookmark(version);
    ObjectNode metadata = Meta.of((ObjectNode) bookmark.get("object"));
    metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    return bookmark;
  }

  private static Duration longest(ApiRequest request) {
    String seconds = request.query("timeoutSeconds");
    return seconds.isEmpty() ? LONGEST_WATCH : Duration.ofSeconds(Long.parseLong(seconds));
  }

  private static long version(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOurs) {
      throw ApiError.badRequest("invalid resource version \"" + text + "\"");
    }
  }

  private static boolean isWebSocket(HttpExchange exchange) {
    return exchange.getRequestHeaders().getOrDefault("Upgrade", List.of()).stream()
        .anyMatch("websocket"::equalsIgnoreCase);
  }

  private static void send(HttpExchange exchange, int code, ObjectNode body) throws IOException {
    write(exchange, code, "application/json", Json.bytes(body));
  }

  private static void write(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }
}
