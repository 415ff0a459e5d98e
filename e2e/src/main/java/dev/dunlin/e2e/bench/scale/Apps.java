package dev.dunlin.e2e.bench.scale;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.e2e.child.Await;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** The user: creates apps, changes them, and watches until they are as they should be. */
final class Apps implements AutoCloseable {
  private static final int PER_NAMESPACE = 200;
  private static final int AT_ONCE = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final KubernetesClient client;
  private final SharedIndexInformer<WasmApp> apps;
  private final SharedIndexInformer<WasmInstance> instances;
  private final Set<String> ready = ConcurrentHashMap.newKeySet();
  private final Object changed = new Object();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE, Thread.ofPlatform().daemon().name("user-", 0).factory());
  private int created;

  Apps(KubernetesClient client) {
    this.client = client;
    apps = watch(client.resources(WasmApp.class).inAnyNamespace());
    apps.addEventHandler(new Readiness());
    instances = watch(client.resources(WasmInstance.class).inAnyNamespace());
    instances.addIndexers(Map.of("node", it -> List.of(it.getSpec().nodeName())));
    apps.start().toCompletableFuture().join();
    instances.start().toCompletableFuture().join();
  }

  private static <T extends HasMetadata> SharedIndexInformer<T> watch(Informable<T> all) {
    return all.runnableInformer(0).exceptionHandler((started, fault) -> true);
  }

  /** Creates apps until there are that many; returns once the API server has taken them. */
  void grow(int to) {
    for (int i = created; i < to; i += PER_NAMESPACE - i % PER_NAMESPACE) {
      String name = namespace(i);
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .serverSideApply();
    }
    var pending = new ArrayList<Future<?>>();
    for (int i = created; i < to; i++) {
      String text =
          """
          {"metadata": {"name": "app-%05d", "namespace": "%s"},
           "spec": {"image": "registry.example.com/dunlin/hello-c:1.0",
            "env": [{"name": "GREETING", "value": "hello"}],
            "resources": {"requests": {"memory": "16Mi"}, "limits": {"memory": "32Mi"}}}}
          """
              .formatted(i, namespace(i));
      pending.add(
          threads.submit(
              () -> client.resource(Serialization.unmarshal(text, WasmApp.class)).create()));
    }
    created = to;
    join(pending);
  }

  private static void join(Collection<Future<?>> pending) {
    for (var each : pending) {
      try {
        each.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a user's request failed", e.getCause());
      }
    }
  }

  int count() {
    return created;
  }

  void awaitAllReady() {
    Await.until(
        created + " apps are ready",
        PATIENCE,
        () -> ready.size() == created,
        () -> ready.size() + " are");
  }

  /** Until nothing is left on those nodes and all apps are ready. */
  void awaitGoneFrom(Collection<String> nodes) {
    Await.until(
        "nothing is on the lost nodes, and all apps are ready",
        PATIENCE,
        () -> on(nodes) == 0 && ready.size() == created,
        () -> on(nodes) + " instances are there, " + ready.size() + " apps are ready");
  }

  long on(Collection<String> nodes) {
    return nodes.stream().mapToLong(it -> instances.getIndexer().byIndex("node", it).size()).sum();
  }

  /**
   * Changes an app's template, and waits until the new revision serves alone.
   *
   * @return how long that took
   */
  Duration rollOut(int number, String argument) {
    String name = "app-%05d".formatted(number);
    long begun = System.nanoTime();
    var changedApp =
        client
            .resources(WasmApp.class)
            .inNamespace(namespace(number))
            .withName(name)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"args\":[\"%s\"]}}".formatted(argument));
    long generation = changedApp.getMetadata().getGeneration();
    await(namespace(number) + "/" + name, app -> isRolledOut(app, generation));
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Rolls out many at a time; an app's next template waits until the last is rolled out. */
  void rollOutAll(int apps, int times, String argument) {
    try (var each = Executors.newFixedThreadPool(apps, Thread.ofPlatform().daemon().factory())) {
      var pending = new ArrayList<Future<?>>();
      for (int i = 0; i < apps; i++) {
        int number = i;
        pending.add(
            each.submit(() -> {
              for (int time = 0; time < times; time++) rollOut(number, argument + "-" + time);
            }));
      }
      join(pending);
    }
  }

  private static boolean isRolledOut(WasmApp app, long generation) {
    var status = app.getStatus();
    return status != null
        && Long.valueOf(generation).equals(status.observedGeneration())
        && isReady(app)
        && Condition.find(status.conditions(), "Progressing")
            .filter(it -> it.reason().equals("RolledOut"))
            .isPresent();
  }

  private void await(String key, Predicate<WasmApp> state) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      synchronized (changed) {
        while (!state.test(apps.getStore().getByKey(key))) {
          if (System.nanoTime() > end)
            throw new IllegalStateException(
                key + " did not get there: " + Serialization.asYaml(apps.getStore().getByKey(key)));
          changed.wait(1000);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + key, e);
    }
  }

  private static String namespace(int number) {
    return "scale-%03d".formatted(number / PER_NAMESPACE);
  }

  private static boolean isReady(WasmApp app) {
    return app.getStatus() != null
        && Condition.find(app.getStatus().conditions(), "Ready")
            .filter(Condition::isTrue)
            .isPresent();
  }

  @Override
  public void close() {
    apps.stop();
    instances.stop();
    threads.shutdownNow();
  }

  private final class Readiness implements ResourceEventHandler<WasmApp> {
    @Override
    public void onAdd(WasmApp app) {
      look(app);
    }

    @Override
    public void onUpdate(WasmApp before, WasmApp after) {
      look(after);
    }

    @Override
    public void onDelete(WasmApp app, boolean stateUnknown) {
      ready.remove(app.getMetadata().getUid());
    }

    private void look(WasmApp app) {
      if (isReady(app)) ready.add(app.getMetadata().getUid());
      else ready.remove(app.getMetadata().getUid());
      synchronized (changed) {
        changed.notifyAll();
      }
    }
  }
}
