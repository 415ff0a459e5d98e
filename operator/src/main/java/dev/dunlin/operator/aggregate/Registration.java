package dev.dunlin.operator.aggregate;

import dev.dunlin.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API server to pass requests for an API on: keeps its APIService, as long as the Service
 * in front of the operator exists and nobody else serves that API. (An APIService without anybody
 * behind it keeps namespaces from being deleted.)
 */
final class Registration {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
  private static final int PRIORITY = 100;
  private static final String PORT_NAME = "aggregated";
  private static final int USUAL_PORT = 443;
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  private final KubernetesClient client;
  private final String namespace;
  private final String service;
  private final Supplier<List<OwnerReference>> owners;
  private Map<String, String> said = Map.of(); // used by one thread

  /**
   * One of what is served behind a Service.
   *
   * @param owners with whom the APIServices go
   */
  Registration(
      KubernetesClient client,
      String namespace,
      String service,
      Supplier<List<OwnerReference>> owners) {
    this.client = client;
    this.namespace = namespace;
    this.service = service;
    this.owners = owners;
  }

  /**
   * Registers them; the fabric8 client's exceptions say why not.
   *
   * @return why a group is not registered, by its name
   */
  Map<String, String> apply(List<ApiGroup> groups, String trusted) {
    @Nullable Service found = client.services().inNamespace(namespace).withName(service).get();
    var refused = new HashMap<String, String>();
    for (var group : groups) {
      Optional<String> fault =
          found == null
              ? Optional.of(
                  "there is no Service %s/%s in front of this operator"
                      .formatted(namespace, service))
              : heldByOthers(group);
      if (fault.isPresent()) refused.put(group.name(), fault.get());
      else if (found != null) apply(apiService(group, port(found), trusted));
    }
    say(refused);
    return Map.copyOf(refused);
  }

  /** Takes away what leads to this operator and is not served by it. */
  void withdraw(Set<String> names) {
    for (String name : names) {
      @Nullable APIService found = client.apiServices().withName(name).get();
      if (found == null || !isManaged(found) || !leadsToUs(found)) continue;
      client.apiServices().withName(name).delete();
      LOG.info("APIService {} is gone: this operator does not serve it", name);
    }
  }

  private void say(Map<String, String> refused) {
    refused.forEach((group, fault) -> {
      if (!fault.equals(said.get(group)))
        LOG.info("The API server is not told that this operator serves {}: {}", group, fault);
    });
    said = Map.copyOf(refused);
  }

  /** Whoever serves one version of a group is who clients of the group mean. */
  private Optional<String> heldByOthers(ApiGroup group) {
    return Stream.concat(Stream.of(group.version()), group.otherVersions().stream())
        .map(version -> client.apiServices().withName(version + "." + group.name()).get())
        .filter(found -> found != null && isOthers(found))
        .map(Registration::leadsTo)
        .findFirst();
  }

  /** One that this operator made, and that leads to a Service that is gone, is nobody's. */
  private boolean isOthers(APIService found) {
    if (leadsToUs(found)) return false;
    @Nullable ServiceReference to = found.getSpec().getService();
    return to == null || !isManaged(found) || exists(to);
  }

  private boolean exists(ServiceReference to) {
    try {
      return client.services().inNamespace(to.getNamespace()).withName(to.getName()).get() != null;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) return true; // nothing to meddle with
      throw e;
    }
  }

  private boolean leadsToUs(APIService found) {
    @Nullable ServiceReference to = found.getSpec().getService();
    return to != null && namespace.equals(to.getNamespace()) && service.equals(to.getName());
  }

  private static boolean isManaged(APIService found) {
    var labels = found.getMetadata().getLabels();
    return labels != null && Api.MANAGED_BY.equals(labels.get(MANAGED_BY));
  }

  private static String leadsTo(APIService found) {
    @Nullable ServiceReference to = found.getSpec().getService();
    return to == null
        ? "APIService %s is the API server's own".formatted(found.getMetadata().getName())
        : "APIService %s leads to Service %s/%s"
            .formatted(found.getMetadata().getName(), to.getNamespace(), to.getName());
  }

  private void apply(APIService wanted) {
    String name = wanted.getMetadata().getName();
    @Nullable APIService found = client.apiServices().withName(name).get();
    if (found != null
        && Objects.equals(found.getSpec(), wanted.getSpec())
        && found
            .getMetadata()
            .getOwnerReferences()
            .equals(wanted.getMetadata().getOwnerReferences())) return;
    client.resource(wanted).fieldManager("dunlin-operator").forceConflicts().serverSideApply();
    LOG.info("APIService {} leads to Service {}/{}", name, namespace, service);
  }

  /** What is to be there. */
  APIService apiService(ApiGroup group, int port, String trusted) {
    return new APIServiceBuilder()
        .withNewMetadata()
        .withName(group.version() + "." + group.name())
        .addToLabels(MANAGED_BY, Api.MANAGED_BY)
        .withOwnerReferences(owners.get())
        .endMetadata()
        .withNewSpec()
        .withGroup(group.name())
        .withVersion(group.version())
        .withGroupPriorityMinimum(PRIORITY)
        .withVersionPriority(PRIORITY)
        .withCaBundle(
            Base64.getEncoder().encodeToString(trusted.getBytes(StandardCharsets.US_ASCII)))
        .withNewService()
        .withNamespace(namespace)
        .withName(service)
        .withPort(port)
        .endService()
        .endSpec()
        .build();
  }

  private static int port(Service service) {
    var ports = service.getSpec().getPorts();
    return ports.stream()
        .filter(port -> PORT_NAME.equals(port.getName()))
        .findFirst()
        .or(() -> ports.stream().findFirst())
        .map(port -> port.getPort())
        .orElse(USUAL_PORT);
  }
}
