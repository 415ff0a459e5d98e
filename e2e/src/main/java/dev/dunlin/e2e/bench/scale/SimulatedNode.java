package dev.dunlin.e2e.bench.scale;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What the API server sees of an agent: a WasmNode, a Lease that is renewed, a watch on the
 * instances of that node, and for each a status (ready at once) and in the end its finalizer.
 */
final class SimulatedNode implements AutoCloseable {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-agent")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final int number;
  private final Duration lease;
  private final Executor threads;
  private final SharedIndexInformer<WasmInstance> instances;
  private volatile boolean silent;
  private Lease known; // owned by whoever renews, one after the other

  SimulatedNode(
      KubernetesClient client, String namespace, int number, Duration lease, Executor threads) {
    this.client = client;
    this.namespace = namespace;
    this.name = "node-%04d".formatted(number);
    this.number = number;
    this.lease = lease;
    this.threads = threads;
    this.known = fresh();
    this.instances =
        client
            .resources(WasmInstance.class)
            .inAnyNamespace()
            .withField("spec.nodeName", name)
            .runnableInformer(0)
            .exceptionHandler((started, fault) -> true)
            .addEventHandler(new Reaction());
  }

  String name() {
    return name;
  }

  /** Makes what an agent makes at its start. */
  CompletionStage<Void> start() {
    client.resource(node(false)).patch(APPLY);
    client.resource(node(true)).subresource("status").patch(APPLY);
    known = client.leases().inNamespace(namespace).resource(known).create();
    return instances.start();
  }

  private WasmNode node(boolean withStatus) {
    String text =
        """
        {"metadata": {"name": "%s", "labels": {"zone": "zone-%d"}}}
        """
            .formatted(name, number % 3);
    if (withStatus) {
      String status =
          """
          {"address": "192.0.%d.%d", "adminPort": 8081, "agentVersion": "simulated",
           "engine": {"name": "none", "version": "0", "features": ["wasi:p1"]},
           "allocatable": {"memory": "8Gi", "cpu": "16", "instances": 1000}, "draining": false,
           "startedAt": "2026-01-01T00:00:00Z", "cachedImages": []}
          """
              .formatted(2 + number / 250, 1 + number % 250);
      text = text.strip().replaceAll("}$", ", \"status\": " + status + "}");
    }
    return Serialization.unmarshal(text, WasmNode.class);
  }

  private Lease fresh() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("dunlin-agent-" + name)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(name)
        .withLeaseDurationSeconds((int) lease.toSeconds())
        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
        .endSpec()
        .build();
  }

  /** As NodeLease does: one update, from what the last one answered. */
  void renew() {
    if (silent) return;
    var leases = client.leases().inNamespace(namespace);
    try {
      known = leases.resource(renewed(known)).update();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) throw e; // an answer was lost: what is there is not what is known
      known = leases.resource(renewed(leases.withName("dunlin-agent-" + name).require())).update();
    }
  }

  private static Lease renewed(Lease lease) {
    return new LeaseBuilder(lease)
        .editSpec()
        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
        .endSpec()
        .build();
  }

  /** From now on it says and does nothing: its machine is gone. */
  void fallSilent() {
    silent = true;
    instances.stop();
  }

  private void ready(WasmInstance instance) {
    var meta = instance.getMetadata();
    String now =
        ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS).toInstant().toString();
    String text =
        """
        {"metadata": {"name": "%s", "namespace": "%s", "uid": "%s"},
         "status": {"observedGeneration": 1, "phase": "Running", "ready": true, "restarts": 0,
          "startedAt": "%s", "memoryBytes": 1114112, "conditions": [
           {"type": "Loaded", "status": "True", "reason": "ModuleLoaded",
            "message": "The module is loaded.", "lastTransitionTime": "%s", "observedGeneration": 1},
           {"type": "Ready", "status": "True", "reason": "Serving",
            "message": "It answers requests.", "lastTransitionTime": "%s", "observedGeneration": 1}]}}
        """
            .formatted(meta.getName(), meta.getNamespace(), meta.getUid(), now, now, now);
    ifThere(() ->
        client
            .resource(Serialization.unmarshal(text, WasmInstance.class))
            .subresource("status")
            .patch(APPLY));
  }

  private void leave(WasmInstance instance) {
    String patch =
        """
        [{"op": "test", "path": "/metadata/finalizers/0", "value": "%s"},
         {"op": "remove", "path": "/metadata/finalizers/0"}]
        """
            .formatted(Api.INSTANCE_FINALIZER);
    ifThere(() -> client.resource(instance).patch(PatchContext.of(PatchType.JSON), patch));
  }

  private static void ifThere(Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404 && e.getCode() != 409 && e.getCode() != 422) throw e;
    }
  }

  @Override
  public void close() {
    silent = true;
    instances.stop();
  }

  private final class Reaction implements ResourceEventHandler<WasmInstance> {
    @Override
    public void onAdd(WasmInstance instance) {
      if (silent) return;
      boolean leaving = instance.getMetadata().getDeletionTimestamp() != null;
      threads.execute(() -> {
        if (leaving) leave(instance);
        else ready(instance);
      });
    }

    @Override
    public void onUpdate(WasmInstance before, WasmInstance after) {
      if (silent || after.getMetadata().getDeletionTimestamp() == null) return;
      if (before.getMetadata().getDeletionTimestamp() == null) threads.execute(() -> leave(after));
    }

    @Override
    public void onDelete(WasmInstance instance, boolean stateUnknown) {
      // Nothing runs here that would have to be stopped.
    }
  }
}
