package dev.dunlin.operator.http;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The Service of an http app: no selector, its endpoints are an {@link AppEndpoints}. */
public final class AppService {
  static final String PORT_NAME = "http";

  /** What should be: {@code port} of the Service leads to {@code appPort} of the agents. */
  public static Service of(WasmApp app, int port, int appPort) {
    return new ServiceBuilder()
        .withMetadata(metadata(app).build())
        .withNewSpec()
        .withType("ClusterIP")
        .addNewPort()
        .withName(PORT_NAME)
        .withProtocol("TCP")
        .withPort(port)
        .withTargetPort(new IntOrString(appPort))
        .endPort()
        .endSpec()
        .build();
  }

  /** The port of the agents that it leads to. */
  public static OptionalInt appPort(Service service) {
    return service.getSpec().getPorts().stream()
        .map(ServicePort::getTargetPort)
        .filter(target -> target != null && target.getIntVal() != null)
        .mapToInt(IntOrString::getIntVal)
        .findFirst();
  }

  /** Whether the object was made for this very app, and may be changed. */
  public static boolean isOurs(HasMetadata object, WasmApp app) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> Objects.equals(owner.getUid(), app.getMetadata().getUid()));
  }

  /** Whether {@code found} says all that {@code wanted} says. */
  public static boolean matches(Service found, Service wanted) {
    return sameMetadata(found, wanted)
        && found.getSpec().getPorts().size() == 1
        && samePort(found.getSpec().getPorts().getFirst(), wanted.getSpec().getPorts().getFirst());
  }

  private static boolean samePort(ServicePort found, ServicePort wanted) {
    return Objects.equals(found.getName(), wanted.getName())
        && Objects.equals(found.getPort(), wanted.getPort())
        && Objects.equals(found.getTargetPort(), wanted.getTargetPort());
  }

  public static boolean sameMetadata(HasMetadata found, HasMetadata wanted) {
    @Nullable Map<String, String> labels = found.getMetadata().getLabels();
    return labels != null
        && labels.entrySet().containsAll(wanted.getMetadata().getLabels().entrySet());
  }

  public static ObjectMetaBuilder metadata(WasmApp app) {
    ObjectMeta meta = app.getMetadata();
    return new ObjectMetaBuilder()
        .withName(meta.getName())
        .withNamespace(meta.getNamespace())
        .addToLabels(Api.APP_LABEL, meta.getName())
        .addToLabels("app.kubernetes.io/managed-by", Api.MANAGED_BY)
        .withOwnerReferences(owner(app));
  }

  /** What makes the garbage collector delete an object after its app. */
  public static OwnerReference owner(WasmApp app) {
    var owner = new OwnerReference();
    owner.setApiVersion(app.getApiVersion());
    owner.setKind(app.getKind());
    owner.setName(app.getMetadata().getName());
    owner.setUid(app.getMetadata().getUid());
    owner.setController(true);
    owner.setBlockOwnerDeletion(true);
    return owner;
  }

  private AppService() {}
}
