package dev.dunlin.e2e.demo;

import dev.dunlin.e2e.demo.Example.Question;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests to an app as they come through its Service: each goes to one of the addresses that are
 * ready in its EndpointSlices now. Plays kube-proxy, which needs a real node.
 */
final class Traffic implements AutoCloseable {
  /** One request: where it went, and its answer or what went wrong. */
  record Reply(String address, int status, String body, boolean right) {}

  private final KubernetesClient client;
  private final String namespace;
  private final String app;
  private final AtomicInteger turn = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  Traffic(KubernetesClient client, String namespace, String app) {
    this.client = client;
    this.namespace = namespace;
    this.app = app;
  }

  /** Where the app is reached now, {@code address:port}, as the cluster names it. */
  List<String> addresses() {
    var addresses = new ArrayList<String>();
    List<EndpointSlice> slices =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(namespace)
            .withLabel("kubernetes.io/service-name", app)
            .list()
            .getItems();
    for (EndpointSlice slice : slices) {
      for (Endpoint endpoint : slice.getEndpoints()) {
        boolean ready =
            endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
        if (ready)
          addresses.add(
              endpoint.getAddresses().getFirst() + ":" + slice.getPorts().getFirst().getPort());
      }
    }
    return addresses;
  }

  /** Sends a request to the next address in turn. */
  Reply ask(Question question) {
    List<String> addresses = addresses();
    if (addresses.isEmpty())
      return new Reply("nowhere", 0, "the EndpointSlice has no ready address", false);
    return ask(addresses.get(turn.getAndIncrement() % addresses.size()), question);
  }

  Reply ask(String address, Question question) {
    var request =
        HttpRequest.newBuilder(URI.create(url(address, question)))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      boolean right =
          answer.statusCode() == 200
              && question.expected().stream().allMatch(answer.body()::contains);
      return new Reply(address, answer.statusCode(), answer.body(), right);
    } catch (IOException broken) {
      return new Reply(address, 0, String.valueOf(broken), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + address, e);
    }
  }

  /** As it is reached on this machine: TEST-NET-1 stands for loopback addresses. */
  static String url(String address, Question question) {
    return "http://" + address.replace("192.0.2.", "127.0.0.") + question.path();
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
