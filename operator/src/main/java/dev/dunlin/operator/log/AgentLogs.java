package dev.dunlin.operator.log;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.https.Tls;
import dev.dunlin.operator.agent.AgentTokens;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Asks agents for logs: at the address and of the certificate that the WasmNode names, with a token
 * that was made for that agent.
 */
final class AgentLogs {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(15);
  private static final int LONGEST_REFUSAL = 4 << 10;

  private final KubernetesClient client;
  private final AgentTokens tokens;

  AgentLogs(KubernetesClient client, AgentTokens tokens) {
    this.client = client;
    this.tokens = tokens;
  }

  /** Begins to read an instance's log; whoever gets it closes it. */
  AgentLog open(WasmInstance instance, LogOptions.Ask ask)
      throws AgentException, InterruptedException {
    String node = instance.getSpec().nodeName();
    NodeLogs where = where(node);
    String path =
        "/logs/%s/%s?%s"
            .formatted(
                instance.getMetadata().getNamespace(),
                instance.getMetadata().getName(),
                ask.query());
    try {
      return open(node, where, path);
    } catch (AgentException e) {
      if (e.code() != 401) throw e;
      tokens.forget(node);
      return open(node, where, path);
    }
  }

  private NodeLogs where(String name) throws AgentException {
    @Nullable WasmNode node = client.resources(WasmNode.class).withName(name).get();
    if (node == null) throw new AgentException(404, "node " + name + " is gone");
    @Nullable NodeLogs logs = node.getStatus() == null ? null : node.getStatus().logs();
    if (logs == null) throw new AgentException(503, "the agent of node " + name + " shows no logs");
    return logs;
  }

  private AgentLog open(String node, NodeLogs where, String path)
      throws AgentException, InterruptedException {
    var connection =
        HttpClient.newBuilder()
            .sslContext(Tls.pinned(where.certificateSha256()))
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(CONNECT)
            .build();
    boolean opened = false;
    try {
      var answer =
          connection.send(
              HttpRequest.newBuilder(uri(where, path))
                  .header("Authorization", "Bearer " + token(node))
                  .timeout(FIRST_ANSWER)
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) throw refusal(node, answer);
      opened = true;
      return new AgentLog(connection, answer.body());
    } catch (IOException e) {
      throw new AgentException(
          503,
          "the agent of node %s does not answer at %s:%d: %s"
              .formatted(node, where.address(), where.port(), e));
    } finally {
      if (!opened) connection.shutdownNow();
    }
  }

  private String token(String node) throws AgentException {
    try {
      return tokens.of(node);
    } catch (KubernetesClientException e) {
      throw new AgentException(
          503, "the operator has no token that agents let read logs: " + e.getMessage());
    }
  }

  private static URI uri(NodeLogs where, String path) {
    String host = where.address().contains(":") ? "[" + where.address() + "]" : where.address();
    return URI.create("https://" + host + ":" + where.port() + path);
  }

  private static AgentException refusal(String node, HttpResponse<InputStream> answer)
      throws IOException {
    String text;
    try (InputStream body = answer.body()) {
      text = new String(body.readNBytes(LONGEST_REFUSAL), StandardCharsets.UTF_8).strip();
    }
    return switch (answer.statusCode()) {
      case 400, 404 -> new AgentException(answer.statusCode(), text);
      case 401 -> new AgentException(401, "the agent of node " + node + " says: " + text);
      default ->
          new AgentException(
              503,
              "the agent of node %s answers %d: %s".formatted(node, answer.statusCode(), text));
    };
  }
}
