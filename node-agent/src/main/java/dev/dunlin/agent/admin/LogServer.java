package dev.dunlin.agent.admin;

import dev.dunlin.agent.log.InstanceLog;
import dev.dunlin.agent.log.LogQuery;
import dev.dunlin.agent.log.LogReader;
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.https.HttpsServer;
import dev.dunlin.https.Identity;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /logs/NAMESPACE/INSTANCE} over HTTPS, to bearers of a token that lets them.
 * Its certificate is made anew with each agent and found in the WasmNode.
 */
public final class LogServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogServer.class);
  private static final Duration VALID = Duration.ofDays(3_650); // nobody looks at it but its hash
  private static final int MOST_READERS = 256;
  private static final String BEARER = "Bearer ";

  private final LogStore store;
  private final LogAccess access;
  private final AgentMetrics metrics;
  private final Clock clock;
  private final Identity identity;
  private final HttpsServer server;
  private final String advertised;
  private final AtomicInteger readers = new AtomicInteger();

  /**
   * Listens.
   *
   * @param advertised address under which it is reached
   * @throws IOException when the port cannot be had
   */
  public LogServer(
      InetSocketAddress address,
      String advertised,
      String nodeName,
      LogStore store,
      KubernetesClient client,
      AgentMetrics metrics,
      Clock clock)
      throws IOException {
    this.store = store;
    this.access = new LogAccess(client, nodeName, System::nanoTime);
    this.metrics = metrics;
    this.clock = clock;
    this.advertised = advertised;
    this.identity = Identity.selfSigned(nodeName, List.of(advertised), clock.instant(), VALID);
    this.server = new HttpsServer(address, MOST_READERS, () -> identity, this::answer);
  }

  /** Where it is, and by what it is known. */
  public NodeLogs location() {
    return new NodeLogs(advertised, server.address().getPort(), identity.fingerprint());
  }

  /** How many logs are being read. */
  public int readers() {
    return readers.get();
  }

  @Override
  public void close() {
    server.close();
  }

  private void answer(Request request, Response response) throws IOException {
    try {
      if (request.path().size() == 3 && request.path().getFirst().equals("logs")) {
        answer(request, request.path().get(1), request.path().get(2), response);
      } else {
        response.send(404, "expected /logs/NAMESPACE/INSTANCE, found " + request.pathText() + "\n");
      }
    } finally {
      metrics.logsAsked(response.status());
    }
  }

  private void answer(Request request, String namespace, String instance, Response response)
      throws IOException {
    String token =
        request
            .header("authorization")
            .filter(value -> value.startsWith(BEARER))
            .map(value -> value.substring(BEARER.length()).strip())
            .orElse(null);
    switch (access.of(token, namespace)) {
      case ALLOWED -> read(request, namespace, instance, response);
      case UNAUTHENTICATED ->
          response
              .header("WWW-Authenticate", "Bearer")
              .send(401, "expected a bearer token that was made for this agent\n");
      case FORBIDDEN ->
          response.send(
              403, "this token may not get wasminstances/log in namespace " + namespace + "\n");
      case UNKNOWN ->
          response.send(503, "the API server cannot be asked now who may read logs; try again\n");
    }
  }

  private void read(Request request, String namespace, String instance, Response response)
      throws IOException {
    LogQuery query;
    try {
      query = LogQuery.parse(request.query(), clock.instant());
    } catch (IllegalArgumentException e) {
      response.send(400, e.getMessage() + "\n");
      return;
    }
    Optional<InstanceLog> found = store.find(namespace, instance);
    if (found.isEmpty()) {
      response.send(404, "instance " + instance + " has not run on this node yet\n");
      return;
    }
    if (!LogReader.has(found.get(), query)) {
      response.send(404, "previous run of instance " + instance + " not found\n");
      return;
    }
    var thread = Thread.currentThread();
    readers.incrementAndGet();
    try {
      OutputStream out = response.stream(200, "text/plain; charset=utf-8", thread::interrupt);
      LogReader.of(found.get(), query, out).read();
      out.close(); // not where reading failed: what is cut short must not look whole
    } catch (InterruptedException e) {
      log.debug("who read the log of {} has gone", instance);
    } finally {
      readers.decrementAndGet();
    }
  }
}
