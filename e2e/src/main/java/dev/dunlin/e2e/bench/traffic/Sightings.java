package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.e2e.house.ServiceProxy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Notes when objects of apps are first seen by a watcher. */
final class Sightings implements AutoCloseable {
  private final Map<String, Times> byApp = new ConcurrentHashMap<>();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  Sightings(KubernetesClient client) {
    watch(client.resources(WasmApp.class), this::app);
    watch(client.services(), this::service);
    watch(client.resources(WasmInstance.class), this::instance);
    watch(client.discovery().v1().endpointSlices(), this::slice);
  }

  /** What will be seen of that app. */
  Times expect(String app) {
    var times = new Times(app);
    byApp.put(app, times);
    return times;
  }

  private <T extends HasMetadata> void watch(Informable<T> all, Consumer<T> seen) {
    var informer = all.runnableInformer(0);
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            seen.accept(object);
          }

          @Override
          public void onUpdate(T before, T object) {
            seen.accept(object);
          }

          @Override
          public void onDelete(T object, boolean stateUnknown) {}
        });
    informer.start().toCompletableFuture().join();
    informers.add(informer);
  }

  private Optional<Times> of(@Nullable String app) {
    return app == null ? Optional.empty() : Optional.ofNullable(byApp.get(app));
  }

  private void app(WasmApp app) {
    of(app.getMetadata().getName())
        .ifPresent(times -> {
          times.mark("app accepted");
          var status = app.getStatus();
          if (status != null
              && Condition.find(status.conditions(), "Ready").filter(Condition::isTrue).isPresent())
            times.mark("app ready");
        });
  }

  private void service(Service service) {
    of(service.getMetadata().getName()).ifPresent(times -> times.mark("service created"));
  }

  private void instance(WasmInstance instance) {
    of(instance.getSpec().appName())
        .ifPresent(times -> {
          times.instance = instance.getMetadata().getName();
          times.mark("instance created");
          var status = instance.getStatus();
          if (status != null && Boolean.TRUE.equals(status.ready())) times.mark("instance ready");
        });
  }

  private void slice(EndpointSlice slice) {
    var labels = Objects.requireNonNullElse(slice.getMetadata().getLabels(), Map.of());
    of((String) labels.get("kubernetes.io/service-name"))
        .ifPresent(times ->
            target(slice)
                .ifPresent(target -> {
                  times.target = target;
                  times.mark("endpoint slice");
                }));
  }

  /** Where it leads to, if it leads anywhere yet. */
  private static Optional<ServiceProxy.Target> target(EndpointSlice slice) {
    if (slice.getEndpoints() == null || slice.getPorts() == null) return Optional.empty();
    return slice.getEndpoints().stream()
        .filter(it ->
            it.getConditions() == null || !Boolean.FALSE.equals(it.getConditions().getReady()))
        .flatMap(it -> it.getAddresses().stream())
        .map(it ->
            new ServiceProxy.Target(
                ServiceProxy.onThisMachine(it), slice.getPorts().getFirst().getPort()))
        .findFirst();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  /** When each step of one app was first seen. */
  static final class Times {
    private final String app;
    private final Map<String, Long> micros = new LinkedHashMap<>(); // guarded by this
    private volatile @Nullable String instance;
    private volatile ServiceProxy.@Nullable Target target;

    private Times(String app) {
      this.app = app;
    }

    String app() {
      return app;
    }

    String instance() {
      return Objects.requireNonNull(instance, "an instance of " + app);
    }

    /** Now, if it was not before. */
    synchronized void mark(String step) {
      micros.putIfAbsent(step, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
      notifyAll();
    }

    /** Microseconds since 1970. */
    synchronized Map<String, Long> all() {
      return new LinkedHashMap<>(micros);
    }

    ServiceProxy.Target awaitTarget(Duration patience) throws InterruptedException {
      await("endpoint slice", patience);
      return Objects.requireNonNull(target);
    }

    synchronized void await(String step, Duration patience) throws InterruptedException {
      long end = System.nanoTime() + patience.toNanos();
      while (!micros.containsKey(step)) {
        long left = end - System.nanoTime();
        if (left <= 0) throw new IllegalStateException(app + ": no " + step + ", only " + micros);
        wait(left / 1_000_000 + 1);
      }
    }
  }
}
