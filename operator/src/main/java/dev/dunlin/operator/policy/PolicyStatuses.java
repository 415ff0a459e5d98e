package dev.dunlin.operator.policy;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.SignatureAuthority;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.api.v1alpha1.WasmImagePolicyStatus;
import dev.dunlin.oci.signature.VerificationKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each WasmImagePolicy whether its keys can be read. Nothing else of the operator waits for
 * it: it is the agents that hold to policies, and they look for themselves.
 */
public final class PolicyStatuses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyStatuses.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String READY = "Ready";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-operator")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Clock clock;
  private final SharedIndexInformer<WasmImagePolicy> policies;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-policies").factory());

  /** Prepares it. */
  public PolicyStatuses(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.policies =
        client
            .resources(WasmImagePolicy.class)
            .runnableInformer(0)
            .exceptionHandler((started, fault) -> true);
  }

  public void start() {
    var _ = policies.start();
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      policies.getStore().list().forEach(this::keep);
    } catch (RuntimeException e) { // the timer would stop for ever
      LOG.error("Writing the statuses of WasmImagePolicies failed; it is tried again", e);
    }
  }

  private void keep(WasmImagePolicy policy) {
    var before = policy.getStatus();
    if (before != null
        && Objects.equals(before.observedGeneration(), policy.getMetadata().getGeneration())) {
      return;
    }
    try {
      var patch = new WasmImagePolicy();
      patch.setMetadata(
          new ObjectMetaBuilder()
              .withName(policy.getMetadata().getName())
              .withUid(policy.getMetadata().getUid())
              .build());
      patch.setStatus(status(policy, clock.instant()));
      client.resource(patch).subresource("status").patch(APPLY);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "The status of WasmImagePolicy {} could not be written; it is tried again: {}",
          policy.getMetadata().getName(),
          e.getMessage());
    }
  }

  static WasmImagePolicyStatus status(WasmImagePolicy policy, Instant now) {
    var faults = new ArrayList<String>();
    for (SignatureAuthority authority : policy.getSpec().authorities()) {
      try {
        VerificationKey.parse(authority.key());
      } catch (IllegalArgumentException e) {
        faults.add("key %s: %s".formatted(authority.name(), e.getMessage()));
      }
    }
    Long generation = policy.getMetadata().getGeneration();
    var ready =
        faults.isEmpty()
            ? new Condition(
                READY,
                Condition.TRUE,
                Reasons.POLICY_ACCEPTED,
                "Its keys can be read.",
                generation,
                null)
            : new Condition(
                READY,
                Condition.FALSE,
                Reasons.KEY_INVALID,
                "A key that cannot be read lets no image through: " + String.join("; ", faults),
                generation,
                null);
    List<Condition> before =
        policy.getStatus() == null ? List.of() : policy.getStatus().conditions();
    return new WasmImagePolicyStatus(
        generation,
        List.of(
            ready.since(
                Condition.find(before, READY).orElse(null),
                now.truncatedTo(ChronoUnit.SECONDS).toString())));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    policies.stop();
  }
}
