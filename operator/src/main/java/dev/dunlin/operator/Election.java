package dev.dunlin.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes and keeps the Lease {@code dunlin-operator}. Closing gives it back at once, so that the
 * next in line need not wait for it to expire. That the lead was lost is told once at most, and not
 * of an election that is being closed.
 */
final class Election implements AutoCloseable {
  static final String LEASE = "dunlin-operator";

  private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);
  private static final Duration RELEASING = Duration.ofSeconds(3);

  private final LeaderElector elector;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("dunlin-election-", 0).factory());
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable CompletableFuture<?> candidacy; // guarded by this

  Election(
      KubernetesClient client, String namespace, String identity, Runnable won, Runnable lost) {
    var config =
        new LeaderElectionConfigBuilder()
            .withName(LEASE)
            .withLock(new LeaseLock(namespace, LEASE, identity))
            .withLeaseDuration(LEASE_DURATION)
            .withRenewDeadline(RENEW_DEADLINE)
            .withRetryPeriod(RETRY_PERIOD)
            .withReleaseOnCancel(false) // it would release before the work has stopped
            .withLeaderCallbacks(
                new LeaderCallbacks(() -> threads.execute(won), () -> end(lost), leader -> {}))
            .build();
    elector = new LeaderElector(client, config, threads);
  }

  /** The elector stops leading more than once: when it is cancelled, and when it releases. */
  private void end(Runnable lost) {
    if (over.compareAndSet(false, true)) lost.run();
  }

  synchronized void start() {
    candidacy = elector.start();
  }

  @Override
  public synchronized void close() {
    over.set(true);
    if (candidacy == null) return;
    candidacy.cancel(true);
    try {
      var _ =
          CompletableFuture.supplyAsync(elector::release, threads)
              .orTimeout(RELEASING.toMillis(), TimeUnit.MILLISECONDS)
              .exceptionally(fault -> false)
              .join();
    } finally {
      threads.shutdownNow();
    }
  }
}
