package dev.dunlin.operator.quota;

import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.api.v1alpha1.WasmQuotaStatus;
import dev.dunlin.operator.placement.Room;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into each WasmQuota what is counted against and what is used, once a second at the most,
 * and only where that has changed. The map is owned by the timer's thread.
 */
public final class QuotaStatuses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QuotaStatuses.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-operator")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Supplier<Stream<WasmQuota>> quotas;
  private final Function<String, Room> used;
  private final Map<String, WasmQuotaStatus> written = new HashMap<>(); // by uid
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-quotas").factory());

  /**
   * Prepares it.
   *
   * @param quotas all there are
   * @param used what the instances of a namespace take
   */
  public QuotaStatuses(
      KubernetesClient client, Supplier<Stream<WasmQuota>> quotas, Function<String, Room> used) {
    this.client = client;
    this.quotas = quotas;
    this.used = used;
  }

  public void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      Set<String> there = new HashSet<>();
      quotas
          .get()
          .forEach(quota -> {
            there.add(quota.getMetadata().getUid());
            keep(quota);
          });
      written.keySet().retainAll(there);
    } catch (RuntimeException e) { // the timer would stop for ever
      LOG.error("Writing the statuses of WasmQuotas failed; it is tried again", e);
    }
  }

  private void keep(WasmQuota quota) {
    var status = status(quota, used.apply(quota.getMetadata().getNamespace()));
    String uid = quota.getMetadata().getUid();
    if (status.equals(quota.getStatus()) || status.equals(written.get(uid))) return;
    try {
      write(quota, status);
      written.put(uid, status);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "The status of WasmQuota {}/{} could not be written; it is tried again: {}",
          quota.getMetadata().getNamespace(),
          quota.getMetadata().getName(),
          e.getMessage());
    }
  }

  static WasmQuotaStatus status(WasmQuota quota, Room used) {
    var spec = quota.getSpec();
    return new WasmQuotaStatus(
        quota.getMetadata().getGeneration(),
        spec == null ? null : spec.hard(),
        Quantities.of(used));
  }

  private void write(WasmQuota quota, WasmQuotaStatus status) {
    var patch = new WasmQuota();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(quota.getMetadata().getName())
            .withNamespace(quota.getMetadata().getNamespace())
            .withUid(quota.getMetadata().getUid())
            .build());
    patch.setStatus(status);
    client.resource(patch).subresource("status").patch(APPLY);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
