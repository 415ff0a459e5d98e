package dev.dunlin.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private final AtomicBoolean ready = new AtomicBoolean();
  private final HttpClient client = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init")
  private AdminServer server;

  @BeforeEach
  void open() throws IOException {
    server = new AdminServer("127.0.0.1", 0, ready::get, () -> "instances 3\n");
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void livesFromTheStart() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void isReadyOnceTheAgentIs() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(503);

    ready.set(true);

    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void givesMetricsAsPrometheusReadsThem() throws Exception {
    HttpResponse<String> metrics = get("/metrics");

    assertThat(metrics.body()).isEqualTo("instances 3\n");
    assertThat(metrics.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void aPortInUseIsRefused() {
    assertThatThrownBy(
            () -> new AdminServer("127.0.0.1", server.address().getPort(), ready::get, () -> ""))
        .isInstanceOf(BindException.class);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
