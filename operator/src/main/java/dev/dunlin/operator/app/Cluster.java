package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.instance.Instances;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The only writes of a pass, but for the app's status. */
public final class Cluster {
  public static final String FIELD_MANAGER = "dunlin-operator";

  /** Of an admission policy, a quota, or validation; anything else passes by itself. */
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 413, 422);

  private final KubernetesClient client;
  private final Instances instances;

  public Cluster(KubernetesClient client, Instances instances) {
    this.client = client;
    this.instances = instances;
  }

  /** Makes other passes see what a plan is about to do. */
  void reserve(WasmAppPlan plan) {
    plan.create().forEach(instances::creating);
    plan.delete().forEach(i -> instances.deleting(i.object()));
    plan.forget().forEach(i -> instances.deleting(i.object()));
  }

  /**
   * Does it. No fault keeps the rest from being done, but each kind of write ends with its first;
   * what was not done is no longer reserved.
   *
   * @throws RefusedException when the API server does not want something of it
   */
  void apply(WasmApp app, WasmAppPlan plan) {
    var toCreate = new ArrayDeque<>(plan.create());
    var toDelete = new ArrayDeque<>(plan.delete());
    var toForget = new ArrayDeque<>(plan.forget());
    var faults = new ArrayList<RuntimeException>();
    try {
      attempt(faults, () -> plan.drop().forEach(object -> client.resource(object).delete()));
      attempt(faults, () -> applyOwn(app, plan.service()));
      attempt(faults, () -> applyOwn(app, plan.slice()));
      attempt(
          faults,
          () -> {
            for (; !toCreate.isEmpty(); toCreate.remove()) create(toCreate.element());
          });
      attempt(
          faults,
          () -> {
            for (; !toForget.isEmpty(); toForget.remove()) forget(toForget.element().object());
          });
      attempt(
          faults,
          () -> {
            for (; !toDelete.isEmpty(); toDelete.remove()) delete(toDelete.element());
          });
    } finally {
      toCreate.forEach(instances::notCreated);
      toDelete.forEach(i -> instances.notDeleted(i.object()));
      toForget.forEach(i -> instances.notDeleted(i.object()));
    }
    throwFirst(faults);
    if (plan.deleteApp()) client.resource(app).delete();
  }

  private static void attempt(List<RuntimeException> faults, Runnable writes) {
    try {
      writes.run();
    } catch (KubernetesClientException | RefusedException e) {
      faults.add(e);
    }
  }

  /** A refusal goes before what passes by itself: the app's owner must know of it. */
  private static void throwFirst(List<RuntimeException> faults) {
    if (faults.isEmpty()) return;
    var first =
        faults.stream()
            .filter(RefusedException.class::isInstance)
            .findFirst()
            .orElseGet(faults::getFirst);
    faults.stream().filter(fault -> !fault.equals(first)).forEach(first::addSuppressed);
    throw first;
  }

  private void create(WasmInstance instance) {
    try {
      client.resource(instance).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) return; // a job's run of that number exists: the watch will tell
      throw refusalOr(e, Reasons.INSTANCE_REFUSED, instance);
    }
  }

  private void delete(Instance instance) {
    client.resource(instance.object()).delete();
  }

  /** Removes an instance whose agent will not: its node is lost. */
  public void forget(WasmInstance instance) {
    client.resource(instance).delete();
    try {
      resource(instance)
          .edit(found -> {
            found.getMetadata().getFinalizers().remove(Api.INSTANCE_FINALIZER);
            return found;
          });
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404) throw e;
    }
  }

  private Resource<WasmInstance> resource(WasmInstance instance) {
    return client
        .resources(WasmInstance.class)
        .inNamespace(instance.getMetadata().getNamespace())
        .withName(instance.getMetadata().getName());
  }

  /** Applies a Service or EndpointSlice, but never over one that was not made for the app. */
  private void applyOwn(WasmApp app, @Nullable HasMetadata wanted) {
    if (wanted == null) return;
    @Nullable HasMetadata found = client.resource(wanted).get();
    if (found != null && !AppService.isOurs(found, app))
      throw new RefusedException(Reasons.SERVICE_NAME_TAKEN, nameTaken(wanted), null);
    try {
      client.resource(wanted).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    } catch (KubernetesClientException e) {
      throw refusalOr(e, Reasons.SERVICE_REFUSED, wanted);
    }
  }

  /** No watch tells of EndpointSlices that others manage. */
  private static String nameTaken(HasMetadata wanted) {
    return "A %s named %s exists in namespace %s and was not made for this app. Delete it, or give the app another name."
        .formatted(
            wanted.getKind(), wanted.getMetadata().getName(), wanted.getMetadata().getNamespace());
  }

  private static RuntimeException refusalOr(
      KubernetesClientException fault, String reason, HasMetadata wanted) {
    return REFUSALS.contains(fault.getCode())
        ? new RefusedException(
            reason,
            "The API server refused the %s %s: %s"
                .formatted(wanted.getKind(), wanted.getMetadata().getName(), fault.getMessage()),
            fault)
        : fault;
  }
}
