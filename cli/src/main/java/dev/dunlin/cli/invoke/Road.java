package dev.dunlin.cli.invoke;

import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.status.Words;
import dev.dunlin.cli.terminal.Failure;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A way from here to an app. */
sealed interface Road {
  /** In words for who asked. */
  String words();

  /** Through the API server, which asks one of the Service's endpoints. */
  record ServiceProxy(String path) implements Road {
    @Override
    public String words() {
      return "the API server's service proxy";
    }
  }

  /** Through the API server, which asks the agent's Pod at the app's port. */
  record PodProxy(String path, String pod) implements Road {
    @Override
    public String words() {
      return "the API server's proxy to the agent's Pod " + pod;
    }
  }

  /** To an agent itself, from where this runs. */
  record Direct(String authority) implements Road {
    @Override
    public String words() {
      return "the agent at " + authority;
    }
  }

  /** All that there are, the one that asks least of the network first. */
  static List<Road> all(Cluster in, String app) {
    var found = in.requireApp(app);
    Integer port = Words.status(found).port();
    if (port == null) {
      throw new Failure(
          "%s: expected an http app with a port, found %s (%s)"
              .formatted(app, Words.kind(found), Words.state(found)));
    }
    List<String> addresses = addresses(in, app);
    if (addresses.isEmpty()) {
      throw new Failure(
          "%s: expected an agent that serves it, found none (%s)"
              .formatted(app, Words.state(found)));
    }
    var roads = new ArrayList<Road>();
    roads.add(
        new ServiceProxy("/api/v1/namespaces/%s/services/%s/proxy".formatted(in.namespace(), app)));
    for (String address : addresses) {
      podAt(in, address)
          .ifPresent(pod ->
              roads.add(
                  new PodProxy(
                      "/api/v1/namespaces/%s/pods/%s:%d/proxy"
                          .formatted(pod.namespace(), pod.name(), port),
                      pod.name())));
    }
    for (String address : addresses) {
      roads.add(new Direct((address.contains(":") ? "[" + address + "]" : address) + ":" + port));
    }
    return roads;
  }

  private static List<String> addresses(Cluster in, String app) {
    List<EndpointSlice> slices =
        in.client()
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(in.namespace())
            .withLabel("kubernetes.io/service-name", app)
            .list()
            .getItems();
    return slices.stream()
        .flatMap(slice -> slice.getEndpoints().stream())
        .filter(endpoint ->
            endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady()))
        .flatMap(endpoint -> endpoint.getAddresses().stream())
        .toList();
  }

  /** A Pod's name. */
  record Pod(String namespace, String name) {}

  /** None too where this user may not list Pods. */
  private static Optional<Pod> podAt(Cluster in, String address) {
    try {
      return in
          .client()
          .pods()
          .inAnyNamespace()
          .withField("status.podIP", address)
          .list()
          .getItems()
          .stream()
          .map(pod -> new Pod(pod.getMetadata().getNamespace(), pod.getMetadata().getName()))
          .findFirst();
    } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
      if (e.getCode() == 403) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
