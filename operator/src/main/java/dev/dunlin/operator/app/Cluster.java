package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Api;
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
import org.jspecify.annotations.Nullable;

/** The only writes of a pass, but for the app's status. */
public final class Cluster {
  public static final String FIELD_MANAGER = "dunlin-operator";

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

  /** Does it. What a fault keeps from being done is no longer reserved. */
  void apply(WasmApp app, WasmAppPlan plan) {
    var toCreate = new ArrayDeque<>(plan.create());
    var toDelete = new ArrayDeque<>(plan.delete());
    var toForget = new ArrayDeque<>(plan.forget());
    try {
      for (; !toCreate.isEmpty(); toCreate.remove()) create(toCreate.element());
      if (plan.service() != null) applyOwn(app, plan.service());
      if (plan.slice() != null) applyOwn(app, plan.slice());
      for (; !toForget.isEmpty(); toForget.remove()) forget(toForget.element().object());
      for (; !toDelete.isEmpty(); toDelete.remove()) delete(toDelete.element());
      plan.drop().forEach(object -> client.resource(object).delete());
      if (plan.deleteApp()) client.resource(app).delete();
    } finally {
      toCreate.forEach(instances::notCreated);
      toDelete.forEach(i -> instances.notDeleted(i.object()));
      toForget.forEach(i -> instances.notDeleted(i.object()));
    }
  }

  private void create(WasmInstance instance) {
    try {
      client.resource(instance).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) throw e; // a job's run of that number exists: the watch will tell
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
  private void applyOwn(WasmApp app, HasMetadata wanted) {
    @Nullable HasMetadata found = client.resource(wanted).get();
    if (found != null && !AppService.isOurs(found, app)) return; // the watch will tell
    try {
      client.resource(wanted).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    } catch (KubernetesClientException e) {
      if (e.getCode() < 400 || e.getCode() >= 500) throw e;
      throw new RefusedException(
          "The API server refused the %s %s: %s"
              .formatted(wanted.getKind(), wanted.getMetadata().getName(), e.getMessage()),
          e);
    }
  }
}
