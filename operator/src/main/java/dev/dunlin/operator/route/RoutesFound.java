package dev.dunlin.operator.route;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of an app's name is known to lead to apps.
 *
 * @param gatewayApi whether the cluster has the Gateway API
 */
public record RoutesFound(
    boolean gatewayApi, @Nullable HTTPRoute httpRoute, @Nullable Ingress ingress) {
  public static final RoutesFound NONE = new RoutesFound(false, null, null);

  Optional<HTTPRoute> ownHttpRoute(WasmApp app) {
    return Optional.ofNullable(httpRoute).filter(it -> AppService.isOurs(it, app));
  }

  Optional<Ingress> ownIngress(WasmApp app) {
    return Optional.ofNullable(ingress).filter(it -> AppService.isOurs(it, app));
  }
}
