package dev.dunlin.agent.signature;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.oci.ImageReference;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's policies, watched. Before they have been read once nothing is known, and nobody
 * passes; when the API server is lost later, the last that was known holds.
 */
public final class ClusterPolicies implements PolicySource, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LABELS_KEPT = Duration.ofSeconds(3);
  private static final int MAX_KEPT = 1_000;

  private record Labels(Map<String, String> labels, long askedNanos) {}

  private final KubernetesClient client;
  private final SharedIndexInformer<WasmImagePolicy> informer;
  private final CountDownLatch known = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
  private final Map<String, Labels> namespaces = new ConcurrentHashMap<>();

  /** Begins with {@link #start}. */
  public ClusterPolicies(KubernetesClient client) {
    this.client = client;
    this.informer =
        client
            .resources(WasmImagePolicy.class)
            .runnableInformer(0)
            .exceptionHandler((started, why) -> {
              fault.set(why);
              return true; // no outage ends the watch
            });
  }

  /**
   * Begins to watch.
   *
   * @param changed told when there is another set of policies
   */
  public void start(Runnable changed) {
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(WasmImagePolicy policy) {
            changed.run();
          }

          @Override
          public void onUpdate(WasmImagePolicy before, WasmImagePolicy policy) {
            if (!Objects.equals(before.getSpec(), policy.getSpec())) {
              changed.run();
            }
          }

          @Override
          public void onDelete(WasmImagePolicy policy, boolean stateUnknown) {
            changed.run();
          }
        });
    var _ = informer.start().thenRun(known::countDown);
  }

  @Override
  public List<WasmImagePolicy> concerning(String namespace, ImageReference image)
      throws InterruptedException {
    if (!known.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw unavailable("WasmImagePolicies", fault.get());
    }
    List<WasmImagePolicy> all = informer.getStore().list();
    boolean byLabels = all.stream().anyMatch(it -> it.getSpec().namespaceSelector() != null);
    return Policies.of(all, byLabels ? labels(namespace) : Map.of(), image);
  }

  private Map<String, String> labels(String name) {
    long now = System.nanoTime();
    Labels before = namespaces.get(name);
    if (before != null && now - before.askedNanos < LABELS_KEPT.toNanos()) {
      return before.labels;
    }
    Namespace namespace;
    try {
      namespace = client.namespaces().withName(name).get();
    } catch (KubernetesClientException e) {
      throw unavailable("the labels of namespace " + name, e);
    }
    if (namespace == null) {
      throw unavailable("the labels of namespace " + name, null);
    }
    Map<String, String> labels =
        Objects.requireNonNullElse(namespace.getMetadata().getLabels(), Map.of());
    namespaces.values().removeIf(it -> now - it.askedNanos >= LABELS_KEPT.toNanos());
    if (namespaces.size() < MAX_KEPT) {
      namespaces.put(name, new Labels(labels, now));
    }
    return labels;
  }

  private static ImageRefusedException unavailable(String what, @Nullable Throwable why) {
    return new ImageRefusedException(
        Reasons.POLICY_UNAVAILABLE,
        "%s could not be read, so nobody knows whose signature the image needs, and it does not start: %s"
            .formatted(what, why == null ? "not found" : why.getMessage()));
  }

  @Override
  public void close() {
    informer.stop();
  }
}
