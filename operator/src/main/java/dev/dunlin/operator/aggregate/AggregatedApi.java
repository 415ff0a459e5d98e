package dev.dunlin.operator.aggregate;

import dev.dunlin.https.HttpsServer;
import dev.dunlin.https.Identity;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves APIs behind kube-apiserver: asks whether its front proxy speaks and whether the user may,
 * then lets the API answer. Every replica of the operator serves, whether it leads or not.
 */
public final class AggregatedApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AggregatedApi.class);
  private static final String SECRET = "dunlin-aggregated-api";
  private static final int MOST_CONNECTIONS = 256;
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final List<ApiGroup> groups;
  private final Set<String> withdrawn;
  private final FrontProxy frontProxy;
  private final Access access;
  private final ServingCertificate certificate;
  private final Registration registration;
  private final HttpsServer server;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-aggregated").factory());
  private volatile Identity identity;
  private volatile Map<String, String> refused = Map.of();
  private volatile boolean applied;
  private String trouble = ""; // used by the timer's thread

  /**
   * Where the API server reaches it.
   *
   * @param service in front of the operator's Pods
   * @param owner ClusterRole whose deletion takes the APIServices along
   */
  public record Place(String service, Optional<String> owner) {}

  /**
   * Begins to serve.
   *
   * @param namespace of the operator and its Service
   * @param place where the API server reaches it
   * @param port 0 for any
   * @param withdrawn names of APIServices of what this operator could serve, and does not
   * @throws IOException when the port cannot be had
   */
  public AggregatedApi(
      KubernetesClient client,
      String namespace,
      Place place,
      int port,
      List<ApiGroup> groups,
      Set<String> withdrawn,
      Clock clock)
      throws IOException {
    this.groups = List.copyOf(groups);
    this.withdrawn = Set.copyOf(withdrawn);
    frontProxy = new FrontProxy(client, System::nanoTime);
    access = new Access(client, System::nanoTime);
    String service = place.service();
    String name = service + "." + namespace;
    var owners = new Owners(client, namespace, place);
    certificate =
        new ServingCertificate(
            client,
            namespace,
            SECRET,
            List.of(name + ".svc", name + ".svc.cluster.local", name, service),
            owners::ofSecret,
            clock);
    registration = new Registration(client, namespace, service, owners::ofApiService);
    identity = certificate.unknown();
    server =
        new HttpsServer(
            new InetSocketAddress(port), MOST_CONNECTIONS, () -> identity, this::answer);
    Gauge.builder("dunlin.aggregated.connections", server::connections)
        .description("Connections to the aggregated APIs")
        .register(metrics);
    var _ =
        timer.scheduleWithFixedDelay(this::refresh, 0, REFRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /**
   * Why the API server does not lead to this operator for a group; empty where it does.
   *
   * @param group e.g. {@code custom.metrics.k8s.io}
   */
  public Optional<String> notOffered(String group) {
    if (groups.stream().noneMatch(it -> it.name().equals(group)))
      return Optional.of("this operator was told not to serve " + group);
    return applied
        ? Optional.ofNullable(refused.get(group))
        : Optional.of("the API server has not been told yet that this operator serves " + group);
  }

  /** What it counts, in Prometheus' text format. */
  public String metrics() {
    return metrics.scrape();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    server.close();
    metrics.close();
  }

  /** The API server learns of a new certificate before it is shown. */
  private void refresh() {
    String found = "";
    try {
      frontProxy.refresh();
      var held = certificate.held();
      refused = registration.apply(groups, held.trusted());
      registration.withdraw(withdrawn);
      applied = true;
      identity = held.identity();
    } catch (RuntimeException e) {
      found = String.valueOf(e.getMessage());
      if (!found.equals(trouble))
        LOG.warn("The aggregated APIs cannot be offered; it is tried again: {}", found);
    }
    trouble = found;
  }

  private void answer(Request request, Response response) throws IOException {
    try {
      Optional<User> user = frontProxy.user(request);
      if (user.isPresent()) answer(user.get(), request, response);
      else
        Documents.refuse(
            response, 401, "Unauthorized: only the API server may pass requests on to this server");
    } finally {
      count(request, response);
    }
  }

  private void answer(User user, Request request, Response response) throws IOException {
    List<String> path = request.path();
    if (path.equals(List.of("apis"))) {
      Documents.send(response, 200, Documents.groups(groups));
      return;
    }
    Optional<ApiGroup> group = group(path);
    Optional<ApiRequest> asked = ApiRequest.of(path, request.query());
    if (group.isPresent() && path.size() == 2)
      Documents.send(response, 200, Documents.group(group.get()));
    else if (group.isPresent() && path.size() == 3)
      Documents.send(response, 200, Documents.resources(group.get()));
    else if (group.isPresent() && asked.isPresent())
      answer(user, group.get(), asked.get(), response);
    else Documents.refuse(response, 404, "the server has nothing at " + request.pathText());
  }

  private void answer(User user, ApiGroup group, ApiRequest request, Response response)
      throws IOException {
    try {
      if (access.allows(user, request)) group.answer(request, response);
      else
        Documents.refuse(
            response,
            403,
            "%s.%s \"%s\" is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" in the namespace \"%s\""
                .formatted(
                    request.resourceText(),
                    request.group(),
                    request.name(),
                    user.name(),
                    request.verb(),
                    request.resourceText(),
                    request.group(),
                    request.namespace()));
    } catch (KubernetesClientException e) {
      LOG.warn("A request could not be answered: {}", e.getMessage());
      if (response.status() != 0) throw new IOException("cut short", e);
      Documents.refuse(response, 503, "the API server does not tell: " + e.getMessage());
    }
  }

  private Optional<ApiGroup> group(List<String> path) {
    return path.size() < 2 || !path.getFirst().equals("apis")
        ? Optional.empty()
        : groups.stream()
            .filter(it -> it.name().equals(path.get(1)))
            .filter(it -> path.size() == 2 || it.version().equals(path.get(2)))
            .findFirst();
  }

  private void count(Request request, Response response) {
    Counter.builder("dunlin.aggregated.requests")
        .description("Requests to the aggregated APIs")
        .tag("group", group(request.path()).map(ApiGroup::name).orElse("none"))
        .tag("status", String.valueOf(response.status()))
        .register(metrics)
        .increment();
  }
}
