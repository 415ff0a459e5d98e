package dev.dunlin.e2e.house;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Plays kube-proxy for one Service: follows its EndpointSlices and sends every request to one of
 * its ready endpoints, chosen by chance. Like kube-proxy it goes on with what it last knew while
 * the API server is away, and never tries a second endpoint.
 */
public final class ServiceProxy implements AutoCloseable {
  private final String name;
  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<EndpointSlice> slices;

  /** Where a request can go. */
  public record Target(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private ServiceProxy(KubernetesClient client, String namespace, String name) {
    this.name = namespace + "/" + name;
    this.services = client.services().inNamespace(namespace).withName(name).inform();
    this.slices =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(namespace)
            .withLabel("kubernetes.io/service-name", name)
            .inform();
  }

  /** Follows the Service of that name, whether it is there yet or not. */
  public static ServiceProxy of(KubernetesClient client, String namespace, String name) {
    return new ServiceProxy(client, namespace, name);
  }

  /** Sends a request to one ready endpoint of the Service's only port. */
  public HttpAnswer send(HttpCall call) throws IOException {
    Target target = choose();
    return call.send(target.host(), target.port());
  }

  /** One of the targets, by chance. */
  public Target choose() throws IOException {
    List<Target> targets = targets();
    if (targets.isEmpty()) throw new IOException("no ready endpoint of Service " + name);
    return targets.get(ThreadLocalRandom.current().nextInt(targets.size()));
  }

  public HttpAnswer get(String path) throws IOException {
    return send(HttpCall.get(path));
  }

  /** Every place that takes requests now: the ready endpoints, else those that still serve. */
  public List<Target> targets() {
    List<Target> ready = targets(ServiceProxy::isReady);
    return ready.isEmpty() ? targets(ServiceProxy::isServing) : ready;
  }

  private List<Target> targets(Predicate<Endpoint> wanted) {
    return services.getStore().list().stream()
        .flatMap(service -> service.getSpec().getPorts().stream())
        .flatMap(port ->
            slices.getStore().list().stream().flatMap(slice -> targets(slice, port, wanted)))
        .distinct()
        .toList();
  }

  private static Stream<Target> targets(
      EndpointSlice slice, ServicePort wish, Predicate<Endpoint> wanted) {
    return slice.getPorts().stream()
        .filter(port -> sameName(port, wish))
        .flatMap(port ->
            // The API server leaves an empty list out.
            Objects.requireNonNullElse(slice.getEndpoints(), List.<Endpoint>of()).stream()
                .filter(wanted)
                .map(endpoint -> endpoint.getAddresses().getFirst())
                .map(address -> new Target(onThisMachine(address), port.getPort())));
  }

  private static boolean sameName(EndpointPort port, ServicePort wish) {
    return Objects.requireNonNullElse(port.getName(), "")
        .equals(Objects.requireNonNullElse(wish.getName(), ""));
  }

  /** Unset means ready, as the API has it. */
  private static boolean isReady(Endpoint endpoint) {
    return endpoint.getConditions() == null
        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }

  private static boolean isServing(Endpoint endpoint) {
    return endpoint.getConditions() != null
        && Boolean.TRUE.equals(endpoint.getConditions().getServing());
  }

  /**
   * An EndpointSlice may hold no loopback address, so agents on this machine advertise TEST-NET-1.
   */
  public static String onThisMachine(String address) {
    return address.startsWith("192.0.2.")
        ? "127.0.0." + address.substring("192.0.2.".length())
        : address;
  }

  @Override
  public void close() {
    services.close();
    slices.close();
  }
}
