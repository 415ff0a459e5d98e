package dev.dunlin.cli.cluster;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

/** A cluster, and the namespace that is meant. */
public record Cluster(KubernetesClient client, String namespace) {

  public Resource<WasmApp> app(String name) {
    return client.resources(WasmApp.class).inNamespace(namespace).withName(name);
  }

  /** The app of that name. */
  public WasmApp requireApp(String name) {
    WasmApp app = app(name).get();
    if (app == null) {
      throw new Failure(
          "expected a WasmApp \"%s\" in namespace %s, found none".formatted(name, namespace));
    }
    return app;
  }

  /** The apps of the namespace, or of all, by their names. */
  public List<WasmApp> apps(boolean everywhere) {
    var apps = client.resources(WasmApp.class);
    List<WasmApp> found =
        everywhere
            ? apps.inAnyNamespace().list().getItems()
            : apps.inNamespace(namespace).list().getItems();
    return found.stream()
        .sorted(
            Comparator.comparing((WasmApp app) -> app.getMetadata().getNamespace())
                .thenComparing(app -> app.getMetadata().getName()))
        .toList();
  }

  public List<WasmInstance> instances(String app) {
    return client
        .resources(WasmInstance.class)
        .inNamespace(namespace)
        .withLabel(Api.APP_LABEL, app)
        .list()
        .getItems();
  }

  public List<WasmNode> nodes() {
    return client.resources(WasmNode.class).list().getItems();
  }

  /** Asks the API server for a path of its own. */
  public <T> HttpResponse<T> get(String path, Class<T> type) throws InterruptedException {
    return send(client, path, type, request -> request);
  }

  /** The same without an end to the time that the answer may take. */
  public <T> HttpResponse<T> follow(String path, Class<T> type) throws InterruptedException {
    var patient =
        client
            .newClient(new RequestConfigBuilder().withRequestTimeout(0).build())
            .adapt(KubernetesClient.class);
    return send(patient, path, type, request -> request);
  }

  /** Sends a request of any kind. */
  public <T> HttpResponse<T> send(
      String path, Class<T> type, UnaryOperator<HttpRequest.Builder> request)
      throws InterruptedException {
    return send(client, path, type, request);
  }

  /** What an answer of the API server says: a Status's message, or the text itself. */
  public static String message(String body) {
    if (body.stripLeading().startsWith("{")) {
      Status status = Serialization.unmarshal(body, Status.class);
      if (status.getMessage() != null) {
        return status.getMessage();
      }
    }
    return body.strip();
  }

  private static <T> HttpResponse<T> send(
      KubernetesClient with, String path, Class<T> type, UnaryOperator<HttpRequest.Builder> request)
      throws InterruptedException {
    String server = with.getMasterUrl().toString().replaceFirst("/$", "");
    HttpClient http = with.getHttpClient();
    HttpRequest.Builder builder = http.newHttpRequestBuilder().uri(server + path);
    try {
      return http.sendAsync(request.apply(builder).build(), type).get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Failure(
          Exit.UNREACHABLE, "%s: expected an API server, found: %s".formatted(server, cause), e);
    }
  }
}
