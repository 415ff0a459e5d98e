package dev.dunlin.agent.admin;

import dev.dunlin.agent.log.LogStore;
import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.https.Handler;
import dev.dunlin.https.HttpsServer;
import dev.dunlin.https.Identity;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Answers {@code GET /logs/NAMESPACE/INSTANCE} and {@code GET /apps} over HTTPS, to bearers of a
 * token that lets them. Its certificate is made anew with each agent and found in the WasmNode.
 */
public final class AgentServer implements AutoCloseable {
  private static final Duration VALID = Duration.ofDays(3_650); // nobody looks at it but its hash
  private static final int MOST_LOG_READERS = 256;

  /** Beside those who follow logs, so that these never keep the operator from the numbers. */
  private static final int MOST_OTHERS = 64;

  private static final String BEARER = "Bearer ";

  private final String nodeName;
  private final AgentAccess access;
  private final AgentMetrics metrics;
  private final LogsHandler logs;
  private final AppsHandler apps;
  private final Identity identity;
  private final HttpsServer server;
  private final String advertised;

  /**
   * Listens.
   *
   * @param advertised address under which it is reached
   * @param traffic what apps do here
   * @throws IOException when the port cannot be had
   */
  public AgentServer(
      InetSocketAddress address,
      String advertised,
      String nodeName,
      LogStore store,
      AppTraffic traffic,
      KubernetesClient client,
      AgentMetrics metrics,
      Clock clock)
      throws IOException {
    this.nodeName = nodeName;
    this.access = new AgentAccess(client, nodeName, System::nanoTime);
    this.metrics = metrics;
    this.logs = new LogsHandler(store, MOST_LOG_READERS, clock);
    this.apps = new AppsHandler(traffic);
    this.advertised = advertised;
    this.identity = Identity.selfSigned(nodeName, List.of(advertised), clock.instant(), VALID);
    this.server =
        new HttpsServer(address, MOST_LOG_READERS + MOST_OTHERS, () -> identity, this::answer);
  }

  /** Where it is, and by what it is known. */
  public NodeLogs location() {
    return new NodeLogs(advertised, server.address().getPort(), identity.fingerprint());
  }

  /** How many logs are being read. */
  public int logReaders() {
    return logs.readers();
  }

  @Override
  public void close() {
    server.close();
  }

  private void answer(Request request, Response response) throws IOException {
    List<String> path = request.path();
    if (path.size() == 3 && path.getFirst().equals("logs")) {
      try {
        answer(AgentAccess.logs(path.get(1)), logs, request, response);
      } finally {
        metrics.logsAsked(response.status());
      }
    } else if (path.equals(List.of("apps"))) {
      answer(AgentAccess.metrics(nodeName), apps, request, response);
    } else {
      response.send(
          404, "expected /logs/NAMESPACE/INSTANCE or /apps, found " + request.pathText() + "\n");
    }
  }

  private void answer(AgentAccess.Right right, Handler handler, Request request, Response response)
      throws IOException {
    String token =
        request
            .header("authorization")
            .filter(value -> value.startsWith(BEARER))
            .map(value -> value.substring(BEARER.length()).strip())
            .orElse(null);
    switch (access.of(token, right)) {
      case ALLOWED -> handler.answer(request, response);
      case UNAUTHENTICATED ->
          response
              .header("WWW-Authenticate", "Bearer")
              .send(401, "expected a bearer token that was made for this agent\n");
      case FORBIDDEN -> response.send(403, "this token may not " + right + "\n");
      case UNKNOWN ->
          response.send(503, "the API server cannot be asked now who may read this; try again\n");
    }
  }
}
