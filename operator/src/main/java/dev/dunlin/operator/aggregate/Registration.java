package dev.dunlin.operator.aggregate;

import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API server to pass requests for an API on: keeps its APIService, as long as the Service
 * in front of the operator exists. (An APIService without anybody behind it keeps namespaces from
 * being deleted.)
 */
final class Registration {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
  private static final int PRIORITY = 100;
  private static final String PORT_NAME = "aggregated";
  private static final int USUAL_PORT = 443;

  private final KubernetesClient client;
  private final String namespace;
  private final String service;
  private boolean saidMissing; // used by one thread

  Registration(KubernetesClient client, String namespace, String service) {
    this.client = client;
    this.namespace = namespace;
    this.service = service;
  }

  /** Registers them; the fabric8 client's exceptions say why not. */
  void apply(List<ApiGroup> groups, String trusted) {
    @Nullable Service found = client.services().inNamespace(namespace).withName(service).get();
    if (found == null) {
      if (!saidMissing)
        LOG.info(
            "There is no Service {}/{}: the API server is not told of what this operator serves",
            namespace,
            service);
      saidMissing = true;
      return;
    }
    saidMissing = false;
    for (var group : groups) apply(apiService(group, port(found), trusted));
  }

  private void apply(APIService wanted) {
    String name = wanted.getMetadata().getName();
    @Nullable APIService found = client.apiServices().withName(name).get();
    if (found != null && Objects.equals(found.getSpec(), wanted.getSpec())) return;
    client.resource(wanted).fieldManager("dunlin-operator").forceConflicts().serverSideApply();
    LOG.info("APIService {} leads to Service {}/{}", name, namespace, service);
  }

  private APIService apiService(ApiGroup group, int port, String trusted) {
    return new APIServiceBuilder()
        .withNewMetadata()
        .withName(group.version() + "." + group.name())
        .addToLabels("app.kubernetes.io/managed-by", "dunlin-operator")
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
