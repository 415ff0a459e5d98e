package dev.dunlin.operator;

import dev.dunlin.operator.admin.AdminServer;
import dev.dunlin.operator.admin.OperatorMetrics;
import dev.dunlin.operator.aggregate.AggregatedApi;
import dev.dunlin.operator.aggregate.ApiGroup;
import dev.dunlin.operator.log.LogsApi;
import dev.dunlin.operator.metrics.AgentReadings;
import dev.dunlin.operator.metrics.CustomMetricsApi;
import dev.dunlin.operator.metrics.ExternalMetricsApi;
import dev.dunlin.operator.metrics.FoundApps;
import dev.dunlin.operator.metrics.Lookout;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole operator in this JVM: from {@link #start} until {@link #close} it looks after the
 * WasmApps of a cluster, as long as it leads. One that loses the lead stops its work and stands for
 * it again. The client stays its caller's.
 */
public final class DunlinOperator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DunlinOperator.class);
  private static final Duration BEFORE_NEXT_CANDIDACY = Duration.ofSeconds(2);

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final AdminServer admin;
  private final Lookout lookout;
  private final AgentReadings readings;
  private final PrometheusMeterRegistry lasting =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT); // whether it leads or not
  private final @Nullable AggregatedApi aggregated;
  private @Nullable Election election; // guarded by this
  private volatile @Nullable Controller controller; // written under this lock
  private volatile OperatorMetrics metrics = new OperatorMetrics(); // written under this lock
  private volatile boolean closed; // written under this lock

  private DunlinOperator(OperatorConfig config, KubernetesClient client) throws IOException {
    this.config = config;
    this.client = client;
    admin = new AdminServer(config.adminPort(), this::isReady, this::scrape);
    lookout = new Lookout(client, config.watchNamespaces());
    readings =
        AgentReadings.start(
            client,
            config.namespace(),
            lookout,
            config.metrics().readings(),
            lasting,
            Clock.systemUTC());
    try {
      aggregated = config.aggregation().isOn() ? aggregated(config, client) : null;
    } catch (IOException e) {
      readings.close();
      admin.close();
      throw e;
    }
  }

  private AggregatedApi aggregated(OperatorConfig config, KubernetesClient client)
      throws IOException {
    var clock = Clock.systemUTC();
    var offered = new ArrayList<ApiGroup>();
    var withdrawn = new HashSet<String>();
    offered.add(new LogsApi(client, config.namespace(), clock));
    var found = new FoundApps(client, readings, clock);
    if (config.metrics().custom()) offered.add(new CustomMetricsApi(found));
    else withdrawn.add(CustomMetricsApi.VERSION + "." + CustomMetricsApi.GROUP);
    if (config.metrics().external()) offered.add(new ExternalMetricsApi(found));
    else withdrawn.add(ExternalMetricsApi.VERSION + "." + ExternalMetricsApi.GROUP);
    return new AggregatedApi(
        client,
        config.namespace(),
        new AggregatedApi.Place(config.aggregation().service(), config.aggregation().owner()),
        config.aggregation().port(),
        offered,
        withdrawn,
        clock);
  }

  private Optional<String> metricsNotOffered() {
    return aggregated == null
        ? Optional.of("this operator serves no APIs (--aggregated-api-port=0)")
        : aggregated.notOffered(CustomMetricsApi.GROUP);
  }

  private String scrape() {
    return metrics.scrape() + lasting.scrape() + (aggregated == null ? "" : aggregated.metrics());
  }

  /** Starts one: without leader election it works when this returns. */
  public static DunlinOperator start(OperatorConfig config, KubernetesClient client) {
    try {
      var operator = new DunlinOperator(config, client);
      try {
        operator.begin();
      } catch (RuntimeException e) {
        operator.close();
        throw e;
      }
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The operator could not listen on ports %d (admin) and %d (aggregated API); are they in use?"
              .formatted(config.adminPort(), config.aggregation().port()),
          e);
    }
  }

  private void begin() {
    LOG.info("Probes and metrics are at http://127.0.0.1:{}", adminAddress().getPort());
    if (config.leaderElect()) stand();
    else lead();
  }

  /** Where /livez, /readyz and /metrics are. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** Whether the apps are looked after: as leader with every watch up, or as one who waits. */
  public boolean isReady() {
    var term = controller;
    return !closed && (term == null ? config.leaderElect() : term.isHealthy());
  }

  private synchronized void stand() {
    if (closed || election != null) return;
    LOG.info("Waiting for the lead: Lease {}/{}", config.namespace(), Election.LEASE);
    election =
        new Election(
            client,
            config.namespace(),
            config.identity() + "_" + UUID.randomUUID(),
            this::leadOrLeave,
            () -> leave("The lead was lost"));
    election.start();
  }

  private synchronized void lead() {
    if (closed || controller != null) return;
    metrics.close();
    metrics = new OperatorMetrics(); // the SDK's gauges are of one term
    var measured = new Controller.Measured(readings, lookout, this::metricsNotOffered);
    var term = new Controller(config, client, Clock.systemUTC(), metrics.forSdk(), measured);
    controller = term;
    metrics.count("dunlin.instances", "WasmInstances that exist.", term::instances);
    metrics.count("dunlin.nodes.ready", "WasmNodes whose agent lives.", term::readyNodes);
    metrics.count("dunlin.apps.waiting", "WasmApps that wait for room on a node.", term::waiting);
    term.start();
    LOG.info(
        "Looking after {}",
        config.watchNamespaces().isEmpty() ? "all namespaces" : config.watchNamespaces());
  }

  /** Who has the lead and cannot begin must not keep it from others. */
  private void leadOrLeave() {
    try {
      lead();
    } catch (RuntimeException e) {
      LOG.error("Beginning failed", e);
      leave("The lead is given up");
    }
  }

  /**
   * Ends the term and stands for the lead again, in a thread of its own: the caller is the
   * election's.
   */
  private void leave(String why) {
    if (closed) return;
    LOG.warn("{}; this operator stops its work, and will stand for it again", why);
    Thread.ofPlatform()
        .daemon()
        .name("dunlin-leave")
        .start(() -> {
          endTerm();
          try {
            Thread.sleep(BEFORE_NEXT_CANDIDACY);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
          stand();
        });
  }

  private synchronized void endTerm() {
    var term = controller;
    controller = null;
    if (term != null) term.close();
    if (election != null) election.close(); // only now may another begin
    election = null;
  }

  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    if (aggregated != null) aggregated.close();
    endTerm();
    readings.close();
    admin.close();
    metrics.close();
    lasting.close();
  }
}
