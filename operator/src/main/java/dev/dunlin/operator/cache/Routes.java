package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.route.AppHttpRoute;
import dev.dunlin.operator.route.RoutesFound;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteList;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Ingresses and HTTPRoutes of the cluster: all of them, since any may have an app's name.
 * HTTPRoutes are watched as long as the cluster has them: the Gateway API may come and go.
 */
final class Routes implements AutoCloseable {
  private final Changes changes;
  private final Supplier<Stream<WasmApp>> apps;
  private final Supplier<Watched<HTTPRoute>> newHttpRoutes;
  private final Watched<Ingress> ingresses;
  private final Watched<CustomResourceDefinition> gatewayApi;
  private @Nullable Watched<HTTPRoute> httpRoutes; // guarded by this
  private CompletableFuture<Void> started = CompletableFuture.completedFuture(null); // the same
  private boolean closed; // the same

  /**
   * Prepares the watches.
   *
   * @param apps all that exist, some of which may wait for the Gateway API
   */
  Routes(
      KubernetesClient client,
      Set<String> namespaces,
      Supplier<Stream<WasmApp>> apps,
      Changes changes) {
    this.changes = changes;
    this.apps = apps;
    ingresses =
        new Watched<>(
            Caches.scopes(client.network().v1().ingresses(), namespaces),
            Map.of(),
            Routes::trim,
            changes::named);
    newHttpRoutes =
        () ->
            new Watched<>(
                Caches.scopes(client.resources(HTTPRoute.class, HTTPRouteList.class), namespaces),
                Map.of(),
                route -> route.getMetadata().setAnnotations(null),
                changes::named);
    gatewayApi =
        new Watched<>(
            List.of(
                client
                    .apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withField("metadata.name", AppHttpRoute.CRD)),
            Map.of(),
            Routes::trim,
            (before, after) -> follow(after));
  }

  private static void trim(Ingress ingress) {
    ingress.getMetadata().setAnnotations(null);
    ingress.setStatus(null);
  }

  /** Its schemas are most of it. */
  private static void trim(CustomResourceDefinition crd) {
    crd.getMetadata().setAnnotations(null);
    crd.getSpec().getVersions().forEach(version -> version.setSchema(null));
  }

  /** Watches HTTPRoutes, or does no more, as the cluster has them. */
  private synchronized void follow(@Nullable CustomResourceDefinition crd) {
    boolean served = crd != null && isServed(crd);
    if (closed || served == (httpRoutes != null)) return;
    if (httpRoutes != null) {
      httpRoutes.close();
      httpRoutes = null;
      tellApps();
      return;
    }
    httpRoutes = newHttpRoutes.get();
    started = httpRoutes.start().thenRun(this::tellApps);
  }

  private static boolean isServed(CustomResourceDefinition crd) {
    return crd.getMetadata().getDeletionTimestamp() == null
        && crd.getSpec().getVersions().stream()
            .anyMatch(it ->
                AppHttpRoute.VERSION.equals(it.getName()) && Boolean.TRUE.equals(it.getServed()))
        && crd.getStatus() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(it -> "Established".equals(it.getType()) && "True".equals(it.getStatus()));
  }

  private void tellApps() {
    apps.get()
        .filter(
            app -> app.getSpec().workload() instanceof HttpWorkload http && http.route() != null)
        .map(WasmApp::getMetadata)
        .forEach(meta -> changes.app(meta.getNamespace(), meta.getName()));
  }

  void start(Duration within) {
    ingresses.start(within);
    gatewayApi.start(within);
    follow(gatewayApi.get(null, AppHttpRoute.CRD));
    CompletableFuture<Void> first;
    synchronized (this) {
      first = started;
    }
    Watched.await(first, HTTPRoute.class.getSimpleName(), within);
  }

  /** Those of an app's name. */
  synchronized RoutesFound of(String namespace, String name) {
    boolean known = httpRoutes != null && httpRoutes.hasSynced();
    return new RoutesFound(
        known,
        known ? Objects.requireNonNull(httpRoutes).get(namespace, name) : null,
        ingresses.get(namespace, name));
  }

  synchronized boolean areWatching() {
    return ingresses.isWatching()
        && gatewayApi.isWatching()
        && (httpRoutes == null || !started.isDone() || httpRoutes.isWatching());
  }

  @Override
  public synchronized void close() {
    closed = true;
    ingresses.close();
    gatewayApi.close();
    if (httpRoutes != null) httpRoutes.close();
  }
}
