package dev.dunlin.operator.http;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The EndpointSlice of an http app: the agents that have an instance which serves. */
public final class AppEndpoints {
  /** What the API server takes at the most in one slice. */
  private static final int MOST = 1000;

  private static final String IPV4 = "IPv4";
  private static final String IPV6 = "IPv6";

  /**
   * What should be; null while nobody has ever served: a slice's family is for life, and not known
   * yet. An agent that is shutting down is left out as long as others serve, as with terminating
   * Pods. All addresses are of one family, IPv4 where there is any.
   *
   * @param found what there is; while nobody serves, its family stays
   */
  public static @Nullable EndpointSlice of(
      WasmApp app,
      int appPort,
      List<Instance> instances,
      Nodes nodes,
      @Nullable EndpointSlice found) {
    var serving = serving(appPort, instances, nodes);
    if (serving.isEmpty() && found == null) return null;
    boolean v4 =
        (serving.isEmpty() && found != null)
            ? IPV4.equals(found.getAddressType())
            : serving.stream().anyMatch(node -> isV4(node.address()));
    return new EndpointSliceBuilder()
        .withMetadata(
            AppService.metadata(app)
                .addToLabels("kubernetes.io/service-name", app.getMetadata().getName())
                .addToLabels("endpointslice.kubernetes.io/managed-by", Api.MANAGED_BY)
                .build())
        .withAddressType(v4 ? IPV4 : IPV6)
        .withPorts(
            new EndpointPortBuilder()
                .withName(AppService.PORT_NAME)
                .withProtocol("TCP")
                .withPort(appPort)
                .build())
        .withEndpoints(
            serving.stream()
                .filter(node -> isV4(node.address()) == v4)
                .limit(MOST)
                .map(AppEndpoints::endpoint)
                .toList())
        .build();
  }

  private static List<Node> serving(int appPort, List<Instance> instances, Nodes nodes) {
    var all =
        instances.stream()
            .filter(i -> i.ready() && i.port().isPresent() && i.port().getAsInt() == appPort)
            .map(Instance::node)
            .distinct()
            .map(nodes::get)
            .filter(node -> node != null && node.ready() && node.address() != null)
            .map(Objects::requireNonNull)
            .sorted(Comparator.comparing(Node::name))
            .toList();
    var staying = all.stream().filter(node -> !node.draining()).toList();
    return staying.isEmpty() ? all : staying;
  }

  private static boolean isV4(@Nullable String address) {
    return address != null && address.indexOf(':') < 0;
  }

  private static Endpoint endpoint(Node node) {
    return new EndpointBuilder()
        .withAddresses(node.address())
        .withNodeName(node.name())
        .withConditions(
            new EndpointConditionsBuilder()
                .withReady(true)
                .withServing(true)
                .withTerminating(false)
                .build())
        .build();
  }

  /** Whether {@code found} can become {@code wanted}; else it has to go first. */
  public static boolean canBecome(EndpointSlice found, EndpointSlice wanted) {
    return Objects.equals(found.getAddressType(), wanted.getAddressType());
  }

  /** Whether {@code found} says all that {@code wanted} says. */
  public static boolean matches(EndpointSlice found, EndpointSlice wanted) {
    return AppService.sameMetadata(found, wanted)
        && Objects.equals(found.getAddressType(), wanted.getAddressType())
        && ports(found).equals(ports(wanted))
        && addresses(found).equals(addresses(wanted));
  }

  private static List<Integer> ports(EndpointSlice slice) {
    return slice.getPorts() == null
        ? List.of()
        : slice.getPorts().stream().map(p -> p.getPort()).toList();
  }

  private static Map<String, Boolean> addresses(EndpointSlice slice) {
    if (slice.getEndpoints() == null) return Map.of();
    return slice.getEndpoints().stream()
        .collect(
            Collectors.toMap(
                e -> e.getNodeName() + " " + e.getAddresses(),
                e -> e.getConditions() != null && Boolean.TRUE.equals(e.getConditions().getReady()),
                (one, other) -> one && other));
  }

  private AppEndpoints() {}
}
