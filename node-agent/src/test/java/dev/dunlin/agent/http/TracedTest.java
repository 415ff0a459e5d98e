package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.agent.trace.Receiver;
import dev.dunlin.agent.trace.TraceSettings;
import dev.dunlin.agent.trace.Tracing;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.Outcome;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A request's trace goes through the agent to the guest. */
class TracedTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";

  private final List<HttpHeader> seen = new CopyOnWriteArrayList<>();

  @Test
  void theGuestContinuesTheSpanOfTheAgent() throws Exception {
    try (var receiver = new Receiver();
        var tracing = Tracing.of(TraceSettings.to(receiver.address(), 0), "n1")) {
      ask(tracing, "/items?secret=1");

      await().until(() -> receiver.spans().size() == 1);
      Receiver.Seen span = receiver.spans().getFirst();
      assertThat(span.traceId()).isEqualTo(TRACE);
      assertThat(span.parentId()).isEqualTo(CALLER);
      assertThat(span.attributes())
          .containsEntry("url.path", "/items")
          .containsEntry("dunlin.app", "shop")
          .containsEntry("dunlin.revision", "r1")
          .containsEntry("dunlin.instance", "shop-1")
          .containsEntry("http.response.status_code", "200");
      assertThat(trace())
          .containsExactlyInAnyOrder(
              new HttpHeader("traceparent", "00-" + TRACE + "-" + span.spanId() + "-01"),
              new HttpHeader("tracestate", "vendor=1"));
    }
  }

  @Test
  void withoutAReceiverTheTraceGoesOnAsItCame() throws Exception {
    ask(Tracing.OFF, "/");

    assertThat(trace())
        .containsExactlyInAnyOrder(
            new HttpHeader("traceparent", PARENT), new HttpHeader("tracestate", "vendor=1"));
  }

  private List<HttpHeader> trace() {
    return seen.stream().filter(header -> header.name().startsWith("trace")).toList();
  }

  private void ask(Tracing tracing, String path) throws Exception {
    try (var apps = new HttpApps(HttpSettings.on("127.0.0.1"), new Silent(), tracing);
        var client = HttpClient.newHttpClient()) {
      Serving shop =
          apps.serve(
              new HttpApps.Member(
                  new AppKey("ns", "shop"),
                  "shop-1",
                  "r1",
                  Instant.EPOCH,
                  0,
                  16,
                  Duration.ofSeconds(30)),
              new FakeGuest((request, response) -> {
                seen.addAll(request.headers());
                response.begin(200, List.of());
                return new Outcome.Exited(0);
              }),
              OutputStream.nullOutputStream());
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shop.port() + path))
              .header("traceparent", PARENT)
              .header("tracestate", "vendor=1")
              .build();

      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  private static final class Silent implements HttpMeter {
    @Override
    public void answered(AppKey app, int status, long nanos) {}

    @Override
    public void clientLeft(AppKey app) {}

    @Override
    public void connectionLost(AppKey app, LostConnection why) {}
  }
}
