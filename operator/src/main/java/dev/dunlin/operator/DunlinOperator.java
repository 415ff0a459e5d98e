package dev.dunlin.operator;

import dev.dunlin.operator.admin.AdminServer;
import dev.dunlin.operator.admin.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole operator in this JVM: from {@link #start} until {@link #close} it looks after the
 * WasmApps of a cluster, as long as it leads. The client stays its caller's.
 */
public final class DunlinOperator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DunlinOperator.class);

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final Runnable lost;
  private final OperatorMetrics metrics = new OperatorMetrics();
  private final AdminServer admin;
  private final @Nullable Election election;
  private volatile @Nullable Controller controller; // written under this lock
  private volatile boolean closed; // written under this lock

  private DunlinOperator(OperatorConfig config, KubernetesClient client, Runnable lost)
      throws IOException {
    this.config = config;
    this.client = client;
    this.lost = lost;
    admin = new AdminServer(config.adminPort(), this::isReady, metrics::scrape);
    election =
        config.leaderElect()
            ? new Election(
                client,
                config.namespace(),
                config.identity() + "_" + UUID.randomUUID(),
                this::leadOrLeave,
                () -> leave("The lead was lost; another operator takes over"))
            : null;
  }

  /** Starts one that logs and closes itself when it loses the lead. */
  public static DunlinOperator start(OperatorConfig config, KubernetesClient client) {
    return start(config, client, () -> {});
  }

  /**
   * Starts one: without leader election it works when this returns.
   *
   * @param lost what to do after the lead was lost and everything has been stopped
   */
  public static DunlinOperator start(
      OperatorConfig config, KubernetesClient client, Runnable lost) {
    try {
      var operator = new DunlinOperator(config, client, lost);
      try {
        operator.begin();
      } catch (RuntimeException e) {
        operator.close();
        throw e;
      }
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The admin server could not listen on port %d; is it in use?"
              .formatted(config.adminPort()),
          e);
    }
  }

  private void begin() {
    LOG.info("Probes and metrics are at http://{}:{}", "127.0.0.1", adminAddress().getPort());
    if (election == null) lead();
    else {
      LOG.info("Waiting for the lead: Lease {}/{}", config.namespace(), Election.LEASE);
      election.start();
    }
  }

  /** Where /livez, /readyz and /metrics are. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** Whether the apps are looked after: as leader with every watch up, or as one who waits. */
  public boolean isReady() {
    var term = controller;
    return !closed && (term == null ? election != null : term.isHealthy());
  }

  private synchronized void lead() {
    if (closed || controller != null) return;
    var term = new Controller(config, client, Clock.systemUTC(), metrics.forSdk());
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

  private void leave(String why) {
    if (closed) return;
    LOG.error("{}", why);
    Thread.ofPlatform()
        .name("dunlin-leave")
        .start(() -> {
          close();
          lost.run();
        });
  }

  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    var term = controller;
    if (term != null) term.close();
    if (election != null) election.close(); // only now may another begin
    admin.close();
    metrics.close();
  }
}
