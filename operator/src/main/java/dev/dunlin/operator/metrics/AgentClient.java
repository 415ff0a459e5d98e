package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.https.Tls;
import dev.dunlin.operator.agent.AgentTokens;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Asks agents what they have counted: each at the address and of the certificate that its WasmNode
 * names, with a token that was made for it. Connections are kept from one reading to the next.
 */
final class AgentClient implements AgentReadings.Agents {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(4);
  private static final int LONGEST_PAGE = 32 << 20;
  private static final int LONGEST_QUERY = 16 << 10;
  private static final int SHOWN = 200;

  private static final int MOST_CERTIFICATES = 20_000;

  private final AgentTokens tokens;
  private final Duration patience;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /** By address and port: of the agent that was asked there last. Guarded by itself. */
  private final Map<String, String> certificates =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_CERTIFICATES;
        }
      };

  AgentClient(AgentTokens tokens) {
    this(tokens, ANSWER);
  }

  /**
   * A more or less patient one.
   *
   * @param patience until an answer begins, and then until it is whole
   */
  AgentClient(AgentTokens tokens, Duration patience) {
    this.tokens = tokens;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .sslContext(Tls.pinned(this::certificate))
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(executor)
            .connectTimeout(CONNECT)
            .build();
  }

  /**
   * What an agent has of some apps, and maybe of others.
   *
   * @throws IOException when it gives no such thing within a few seconds; the message says why
   */
  @Override
  public AgentPage read(String node, NodeLogs where, Collection<AppKey> apps)
      throws IOException, InterruptedException {
    expect(where);
    HttpResponse<byte[]> answer = ask(node, where, apps);
    if (answer.statusCode() == 401) {
      tokens.forget(node);
      answer = ask(node, where, apps);
    }
    if (answer.statusCode() != 200)
      throw new IOException(
          "the agent of node %s answers %d: %s"
              .formatted(node, answer.statusCode(), beginning(answer.body())));
    try {
      return AgentPage.parse(answer.body());
    } catch (IOException e) {
      throw new IOException("the agent of node " + node + ": " + e.getMessage(), e);
    }
  }

  private HttpResponse<byte[]> ask(String node, NodeLogs where, Collection<AppKey> apps)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(where, query(apps)))
            .header("Authorization", "Bearer " + token(node))
            .timeout(patience)
            .build();
    var page =
        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LONGEST_PAGE);
    var answer = client.sendAsync(request, page);
    try {
      // The request's own timeout is over with the head of the answer.
      return answer.get(patience.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(
          "the agent of node %s does not answer at %s:%d: %s"
              .formatted(node, where.address(), where.port(), e.getCause()),
          e);
    } catch (TimeoutException e) {
      throw new IOException(
          "the agent of node %s has not finished its answer within %s"
              .formatted(node, patience.multipliedBy(2)),
          e);
    } finally {
      answer.cancel(true);
    }
  }

  private String token(String node) throws IOException {
    try {
      return tokens.of(node);
    } catch (KubernetesClientException e) {
      throw new IOException(
          "the operator has no token that agents let read metrics: " + e.getMessage(), e);
    }
  }

  private static URI uri(NodeLogs where, String query) {
    String host = where.address().contains(":") ? "[" + where.address() + "]" : where.address();
    return URI.create("https://" + host + ":" + where.port() + "/apps" + query);
  }

  private void expect(NodeLogs where) {
    String place = place(where.address(), where.port());
    synchronized (certificates) {
      certificates.remove(place);
      certificates.put(place, where.certificateSha256());
    }
  }

  private Optional<String> certificate(String host, int port) {
    synchronized (certificates) {
      return Optional.ofNullable(certificates.get(place(host, port)));
    }
  }

  /** Many apps are not named: then the agent gives all that it has. */
  private static String query(Collection<AppKey> apps) {
    String query =
        apps.stream()
            .map(app -> "app=" + URLEncoder.encode(app.toString(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", "?", ""));
    return query.length() > LONGEST_QUERY ? "" : query;
  }

  /** An address has several spellings. */
  private static String place(String host, int port) {
    try {
      return InetAddress.ofLiteral(host).getHostAddress() + " " + port;
    } catch (IllegalArgumentException aName) {
      return host.toLowerCase(Locale.ROOT) + " " + port;
    }
  }

  private static String beginning(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
