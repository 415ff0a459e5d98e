package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.dunlin.e2e.mock.Writes.Writer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Kubernetes API server in memory, on a port of 127.0.0.1, over plain HTTP and for anybody who
 * can reach it. It has the kinds of {@link BuiltInKinds} and those of the CustomResourceDefinitions
 * that are created in it, the namespaces {@code default} and {@code kube-system}, and the garbage
 * collector; no other controllers.
 */
public final class MockApiServer implements AutoCloseable {
  static {
    // Without it each answer waits for the acknowledgement of its headers (40 ms).
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Clients keep connections longer than the default 30 s and would write into closed ones.
    System.setProperty("sun.net.httpserver.idleInterval", "3600");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
  }

  private final HttpServer http;
  private final ExecutorService threads;

  private MockApiServer(HttpServer http, ExecutorService threads) {
    this.http = http;
    this.threads = threads;
  }

  /** Starts a server on a free port. */
  public static MockApiServer start() throws IOException {
    var store = new Store();
    var kinds = new Kinds();
    var writes =
        new Writes(store, kinds, () -> Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    for (String namespace : List.of("default", "kube-system")) {
      ObjectNode object = Json.object();
      Meta.of(object).put("name", namespace);
      var path = new ApiPath(kinds.builtIn("", "namespaces"), "", "", "");
      writes.create(path, object, new Writer("mock-api-server", false, false));
    }
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    http.setExecutor(threads);
    http.createContext("/", new ApiHandler(store, kinds, new ApiVerbs(store, writes)));
    http.start();
    return new MockApiServer(http, threads);
  }

  /** The server's address, {@code http://127.0.0.1:PORT}. */
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  public Config clientConfig() {
    return new ConfigBuilder(Config.empty()).withMasterUrl(url()).withNamespace("default").build();
  }

  /** A new client, for the caller to close. */
  public KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(clientConfig()).build();
  }

  /** A kubeconfig file's text, for child processes and for kubectl. */
  public String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: demo
    clusters:
    - name: demo
      cluster: {server: "%s"}
    users:
    - name: demo
      user: {}
    contexts:
    - name: demo
      context: {cluster: demo, user: demo, namespace: default}
    """
        .formatted(url());
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
