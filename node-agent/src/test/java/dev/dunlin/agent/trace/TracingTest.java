package dev.dunlin.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TracingTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final long SERVER_KIND = 2;
  private static final long ERROR = 2;

  @SuppressWarnings("NullAway.Init")
  private Receiver receiver;

  @BeforeEach
  void receive() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void aRequestOfATraceBecomesASpanOfItAndHandsItsOwnOn() {
    RequestTrace request;
    try (var tracing = tracing(0)) {
      request =
          begin(tracing, "GET", Map.of("traceparent", parent("01"), "tracestate", "vendor=1"));
      request.servedBy("r7", "cart-r7-x2x9q");
      request.end(200);
    }

    assertThat(receiver.paths()).containsOnly("/v1/traces");
    assertThat(receiver.spans())
        .singleElement()
        .satisfies(span -> {
          assertThat(span.traceId()).isEqualTo(TRACE);
          assertThat(span.parentId()).isEqualTo(CALLER);
          assertThat(span.name()).isEqualTo("GET");
          assertThat(span.kind()).isEqualTo(SERVER_KIND);
          assertThat(span.statusCode()).isZero();
          assertThat(span.attributes())
              .containsOnly(
                  Map.entry("http.request.method", "GET"),
                  Map.entry("http.response.status_code", "200"),
                  Map.entry("url.path", "/items"),
                  Map.entry("url.scheme", "http"),
                  Map.entry("server.address", "cart.example.com"),
                  Map.entry("client.address", "192.0.2.1"),
                  Map.entry("k8s.namespace.name", "shop"),
                  Map.entry("dunlin.app", "cart"),
                  Map.entry("dunlin.request_id", "id-1"),
                  Map.entry("dunlin.revision", "r7"),
                  Map.entry("dunlin.instance", "cart-r7-x2x9q"));
          assertThat(span.resource())
              .containsEntry("service.name", "dunlin-agent")
              .containsEntry("k8s.node.name", "n1");
          assertThat(request.context())
              .containsEntry("traceparent", "00-" + TRACE + "-" + span.spanId() + "-01")
              .containsEntry("tracestate", "vendor=1");
        });
  }

  @Test
  void aTraceThatIsNotRecordedIsCarriedOnAndNotSent() {
    RequestTrace request;
    try (var tracing = tracing(1)) {
      request = begin(tracing, "GET", Map.of("traceparent", parent("00")));
      request.end(200);
    }

    assertThat(receiver.spans()).isEmpty();
    assertThat(request.context().get("traceparent")).startsWith("00-" + TRACE).endsWith("-00");
  }

  @Test
  void aRequestWithoutATraceBeginsOneAsOftenAsTheRatioSays() {
    try (var all = tracing(1);
        var none = tracing(0)) {
      begin(all, "POST", Map.of("traceparent", "not one")).end(503);
      begin(none, "POST", Map.of()).end(200);
    }

    assertThat(receiver.spans())
        .singleElement()
        .satisfies(span -> {
          assertThat(span.parentId()).isEmpty();
          assertThat(span.traceId()).isNotEqualTo(TRACE);
          assertThat(span.statusCode()).isEqualTo(ERROR);
        });
  }

  @Test
  void aMethodThatNobodyKnowsMakesNoNameOfItsOwn() {
    try (var tracing = tracing(1)) {
      begin(tracing, "BREW", Map.of()).end(200);
    }

    assertThat(receiver.spans())
        .singleElement()
        .satisfies(span -> {
          assertThat(span.name()).isEqualTo("HTTP");
          assertThat(span.attributes()).containsEntry("http.request.method", "_OTHER");
        });
  }

  @Test
  void aReceiverThatIsAwayCostsSpansAndNoRequest() {
    receiver.close();
    try (var tracing = tracing(1)) {
      RequestTrace request = begin(tracing, "GET", Map.of("traceparent", parent("01")));
      request.end(200);

      assertThat(request.context()).containsKey("traceparent");
    }
    assertThat(receiver.spans()).isEmpty();
  }

  @Test
  void withoutAnEndpointNothingIsTouched() {
    RequestTrace request =
        begin(Tracing.of(TraceSettings.OFF, "n1"), "GET", Map.of("traceparent", parent("01")));

    assertThat(Tracing.OFF.isOn()).isFalse();
    assertThat(request.context()).isEmpty();
  }

  @Test
  void anEndpointIsAnAddressOfHttp() {
    assertThat(TraceSettings.to("https://c:4318/", 1).endpoint().orElseThrow())
        .hasToString("https://c:4318/v1/traces");
    assertThat(TraceSettings.to("http://c/otlp/v1/traces", 1).endpoint().orElseThrow())
        .hasToString("http://c/otlp/v1/traces");
    assertThatThrownBy(() -> TraceSettings.to("c:4317", 1))
        .hasMessage(
            "--otlp-endpoint: expected http://HOST:PORT or https://HOST:PORT, found \"c:4317\"");
    assertThatThrownBy(() -> TraceSettings.to("http://c:4318", 1.5))
        .hasMessage("--trace-ratio: expected a number from 0 to 1, found 1.5");
  }

  private Tracing tracing(double ratio) {
    return Tracing.of(TraceSettings.to(receiver.address(), ratio), "n1");
  }

  private static RequestTrace begin(Tracing tracing, String method, Map<String, String> headers) {
    return tracing.begin(
        new TracedRequest(
            "shop",
            "cart",
            method,
            "/items",
            "cart.example.com",
            "192.0.2.1",
            "id-1",
            headers::get));
  }

  private static String parent(String flags) {
    return "00-" + TRACE + "-" + CALLER + "-" + flags;
  }
}
