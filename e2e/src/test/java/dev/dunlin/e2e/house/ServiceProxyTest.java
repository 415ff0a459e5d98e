package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@OnRealApiServer
class ServiceProxyTest {
  @Test
  void requestsGoToReadyEndpointsAndToNoOther(Kubectl kubectl, KubernetesClient client)
      throws IOException {
    try (var ready = Loopback.next();
        var notReady = Loopback.next();
        var proxy = ServiceProxy.of(client, client.getNamespace(), "hello")) {
      HttpServer server = echo(ready);
      kubectl.apply(
          service(server.getAddress().getPort())
              + endpoints(server.getAddress().getPort(), ready.advertise(), notReady.advertise()));

      await().until(() -> !proxy.targets().isEmpty());
      HttpAnswer answer =
          proxy.send(HttpCall.post("/a?b", "body".getBytes(StandardCharsets.UTF_8)));

      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.text()).isEqualTo("POST /a?b body");
      assertThat(proxy.targets())
          .containsExactly(new ServiceProxy.Target(ready.bind(), server.getAddress().getPort()));
      server.stop(0);
      assertThatThrownBy(() -> proxy.get("/")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aServiceWithoutEndpointsIsSaidToHaveNone(KubernetesClient client) {
    try (var proxy = ServiceProxy.of(client, client.getNamespace(), "nobody")) {
      assertThatThrownBy(() -> proxy.get("/")).hasMessageContaining("no ready endpoint of Service");
    }
  }

  private static HttpServer echo(Loopback address) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address.bind()), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] answer =
              "%s %s %s"
                  .formatted(exchange.getRequestMethod(), exchange.getRequestURI(), body)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(201, 0); // 0: chunked
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String service(int port) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: hello}
    spec: {ports: [{name: http, port: 80, targetPort: %d}]}
    ---
    """
        .formatted(port);
  }

  private static String endpoints(int port, String ready, String notReady) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: hello, labels: {kubernetes.io/service-name: hello}}
    addressType: IPv4
    ports: [{name: http, port: %d}]
    endpoints:
    - {addresses: [%s], conditions: {ready: true}}
    - {addresses: [%s], conditions: {ready: false, serving: true, terminating: true}}
    """
        .formatted(port, ready, notReady);
  }
}
