package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.access.RightsRefusedException;
import dev.dunlin.operator.canary.Weighing;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.revision.Revisions;
import dev.dunlin.operator.volume.VolumeTakenException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The only writes of a pass, but for the app's status. */
public final class Cluster {
  public static final String FIELD_MANAGER = "dunlin-operator";

  /** Of an admission policy, a quota, or validation; anything else passes by itself. */
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 413, 422);

  private static final List<String> ONLY_OURS = List.of(Api.INSTANCE_FINALIZER);
  private static final String NO_FINALIZERS = "{\"metadata\":{\"finalizers\":null}}";

  /** Reasons: somebody else has the name; the API server does not want it. */
  private record Refusal(String taken, String refused) {}

  private static final Refusal OF_SERVICE =
      new Refusal(Reasons.SERVICE_NAME_TAKEN, Reasons.SERVICE_REFUSED);
  private static final Refusal OF_AUTOSCALER =
      new Refusal(Reasons.AUTOSCALER_TAKEN, Reasons.AUTOSCALER_REFUSED);
  private static final Refusal OF_ROUTE = new Refusal(Reasons.ROUTE_TAKEN, Reasons.ROUTE_REFUSED);

  private final KubernetesClient client;
  private final Instances instances;
  private final NamedLikeApp named;
  private final KeptInCluster revisions;
  private final Consumer<WasmInstance> binder;

  /**
   * @param binder gives an instance its WasmVolumes, and its agent the right to read what it refers
   *     to, before it is made
   */
  public Cluster(
      KubernetesClient client,
      Instances instances,
      Revisions revisions,
      Consumer<WasmInstance> binder) {
    this.client = client;
    this.binder = binder;
    this.revisions = new KeptInCluster(client, revisions);
    this.instances = instances;
    this.named = new NamedLikeApp(client);
  }

  /** Makes other passes see what a plan is about to do. */
  void reserve(WasmAppPlan plan) {
    plan.create().forEach(instances::creating);
    plan.delete().forEach(i -> instances.deleting(i.object()));
    plan.placement().victims().forEach(i -> instances.deleting(i.object()));
    plan.forget().forEach(i -> instances.deleting(i.object()));
    revisions.reserve(plan.keeping());
  }

  /**
   * Does it. No fault keeps the rest from being done, but each kind of write ends with its first,
   * and nothing is taken away as long as clients may be led there; what was not done is no longer
   * reserved.
   *
   * @throws RefusedException when the API server does not want something of it
   */
  void apply(WasmApp app, WasmAppPlan plan) {
    var toCreate = new ArrayDeque<>(plan.create());
    var toDelete = new ArrayDeque<>(plan.placement().victims());
    toDelete.addAll(plan.delete());
    var toForget = new ArrayDeque<>(plan.forget());
    var faults = new ArrayList<RuntimeException>();
    try {
      boolean weighed = attempt(faults, () -> plan.sharing().weights().forEach(this::weigh));
      if (weighed) // what is made may stand beside what must say its share first
      attempt(
            faults,
            () -> {
              for (; !toCreate.isEmpty(); toCreate.remove()) create(toCreate.element());
            });
      attempt(faults, () -> plan.drop().forEach(object -> client.resource(object).delete()));
      attempt(faults, () -> applyOwn(app, plan.service(), null, OF_SERVICE));
      boolean told = attempt(faults, () -> applyOwn(app, plan.slice(), null, OF_SERVICE));
      attempt(
          faults,
          () -> {
            for (; !toForget.isEmpty(); toForget.remove()) forget(toForget.element().object());
          });
      if (told)
        attempt(
            faults,
            () -> {
              for (; !toDelete.isEmpty(); toDelete.remove()) delete(toDelete.element());
            });
      attempt(faults, () -> revisions.apply(app, plan.keeping()));
      var scaling = plan.scaling();
      attempt(faults, () -> applyOwn(app, scaling.write(), scaling.over(), OF_AUTOSCALER));
      var routing = plan.routing();
      attempt(faults, () -> applyOwn(app, routing.write(), routing.over(), OF_ROUTE));
      attempt(faults, () -> scaling.replicas().ifPresent(replicas -> scale(app, replicas)));
    } finally {
      toCreate.forEach(instances::notCreated);
      toDelete.forEach(i -> instances.notDeleted(i.object()));
      toForget.forEach(i -> instances.notDeleted(i.object()));
    }
    throwFirst(faults);
    if (plan.deleteApp()) client.resource(app).delete();
  }

  /** False where it failed and may pass by itself. */
  private static boolean attempt(List<RuntimeException> faults, Runnable writes) {
    try {
      writes.run();
      return true;
    } catch (RefusedException e) {
      faults.add(e);
      return true;
    } catch (KubernetesClientException e) {
      faults.add(e);
      return false;
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
      binder.accept(instance);
    } catch (VolumeTakenException e) {
      throw new RefusedException(Reasons.VOLUME_IN_USE, String.valueOf(e.getMessage()), e);
    } catch (RightsRefusedException e) {
      throw new RefusedException(Reasons.INSTANCE_REFUSED, String.valueOf(e.getMessage()), e);
    }
    try {
      client.resource(instance).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) return; // a job's run of that number exists: the watch will tell
      throw refusalOr(e, Reasons.INSTANCE_REFUSED, instance);
    }
  }

  private void weigh(Weighing weighing) {
    String weight =
        weighing.weight().isPresent() ? "\"" + weighing.weight().getAsInt() + "\"" : "null";
    String patch =
        "{\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(Api.WEIGHT_ANNOTATION, weight);
    ifThere(() ->
        resource(weighing.instance().object()).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  private void delete(Instance instance) {
    client.resource(instance.object()).delete();
  }

  /** Removes an instance whose agent will not: its node is lost. */
  public void forget(WasmInstance instance) {
    if (instance.getMetadata().getFinalizers().equals(ONLY_OURS)) {
      ifThere(() -> resource(instance).patch(PatchContext.of(PatchType.JSON_MERGE), NO_FINALIZERS));
      if (instance.getMetadata().getDeletionTimestamp() == null) client.resource(instance).delete();
      return;
    }
    client.resource(instance).delete();
    ifThere(() ->
        resource(instance)
            .edit(found -> {
              found.getMetadata().getFinalizers().remove(Api.INSTANCE_FINALIZER);
              return found;
            }));
  }

  private static void ifThere(Runnable write) {
    try {
      write.run();
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

  private void applyOwn(
      WasmApp app, @Nullable HasMetadata wanted, @Nullable HasMetadata over, Refusal refusal) {
    if (wanted == null) return;
    try {
      named.write(app, wanted, over, refusal.taken());
    } catch (KubernetesClientException e) {
      throw refusalOr(e, refusal.refused(), wanted);
    }
  }

  /** As an autoscaler does it; nothing is written over what somebody else has written since. */
  private void scale(WasmApp app, int replicas) {
    var meta = app.getMetadata();
    client
        .resources(WasmApp.class)
        .inNamespace(meta.getNamespace())
        .withName(meta.getName())
        .scale(
            new ScaleBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build());
  }

  /** In the API server's words, but for an instance's name: the next try has another one. */
  static RuntimeException refusalOr(
      KubernetesClientException fault, String reason, HasMetadata wanted) {
    if (!REFUSALS.contains(fault.getCode())) return fault;
    String name = wanted.getMetadata().getName();
    String said = words(fault);
    if (wanted instanceof WasmInstance) {
      String drawn = name;
      int suffix = name.lastIndexOf('-');
      if (suffix > 0) name = name.substring(0, suffix);
      said = said.replace(drawn, name);
    }
    return new RefusedException(
        reason,
        "The API server refused the %s %s: %s".formatted(wanted.getKind(), name, said),
        fault);
  }

  private static String words(KubernetesClientException fault) {
    @Nullable Status status = fault.getStatus();
    return String.valueOf(
        status == null || status.getMessage() == null ? fault.getMessage() : status.getMessage());
  }
}
