package dev.dunlin.operator.route;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Route;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pass does about how an app is reached from outside. Pure.
 *
 * @param write the HTTPRoute or Ingress to be made or changed; null where it is right as it is, or
 *     none is wanted
 * @param over what it is to be made of; null where there is none yet
 * @param drop what is ours and not wanted any more
 * @param condition how it is; empty where nothing is asked for
 */
public record Routing(
    @Nullable HasMetadata write,
    @Nullable HasMetadata over,
    List<HasMetadata> drop,
    Optional<Condition> condition) {
  /** Type of the app's condition. */
  public static final String ROUTE = "Route";

  public static final Routing NONE = new Routing(null, null, List.of(), Optional.empty());

  private static final Set<String> VOWEL_SOUND = Set.of("EndpointSlice", "HTTPRoute", "Ingress");

  public Routing {
    drop = List.copyOf(drop);
  }

  /** Decides it. */
  public static Routing of(WasmApp app, RoutesFound found) {
    var http = app.getSpec().workload() instanceof HttpWorkload it ? it : null;
    @Nullable Route wanted = http == null ? null : http.route();
    if (http == null || wanted == null)
      return new Routing(null, null, ours(app, found), Optional.empty());
    return wanted.parentRefs().isEmpty()
        ? ingress(app, wanted, http.port(), found)
        : httpRoute(app, wanted, http.port(), found);
  }

  private static Routing httpRoute(WasmApp app, Route wanted, int port, RoutesFound found) {
    List<HasMetadata> drop = found.ownIngress(app).<HasMetadata>map(it -> it).stream().toList();
    if (!found.gatewayApi())
      return new Routing(
          null,
          null,
          drop,
          Optional.of(
              condition(
                  Condition.FALSE,
                  Reasons.GATEWAY_API_MISSING,
                  "The cluster has no CRD %s with version %s. Install the Gateway API, or use ingressClassName."
                      .formatted(AppHttpRoute.CRD, AppHttpRoute.VERSION))));
    var route = AppHttpRoute.of(app, wanted, port);
    var own = found.ownHttpRoute(app);
    if (own.filter(it -> AppHttpRoute.matches(it, route)).isPresent())
      return new Routing(null, null, drop, own.map(it -> AppHttpRoute.condition(app, it)));
    if (own.isEmpty() && found.httpRoute() != null)
      return new Routing(null, null, drop, Optional.of(taken(app, "HTTPRoute")));
    own.ifPresent(it -> route.getMetadata().setUid(it.getMetadata().getUid()));
    return new Routing(
        route, own.orElse(null), drop, Optional.of(AppHttpRoute.condition(app, route)));
  }

  private static Routing ingress(WasmApp app, Route wanted, int port, RoutesFound found) {
    List<HasMetadata> drop = found.ownHttpRoute(app).<HasMetadata>map(it -> it).stream().toList();
    var ingress = AppIngress.of(app, wanted, port);
    var own = found.ownIngress(app);
    if (own.isEmpty() && found.ingress() != null)
      return new Routing(null, null, drop, Optional.of(taken(app, "Ingress")));
    var ready =
        condition(
            Condition.TRUE,
            Reasons.ROUTE_READY,
            "Ingress %s of class %s is there."
                .formatted(app.getMetadata().getName(), wanted.ingressClassName()));
    if (own.filter(it -> AppIngress.matches(it, ingress)).isPresent())
      return new Routing(null, null, drop, Optional.of(ready));
    own.ifPresent(it -> ingress.getMetadata().setUid(it.getMetadata().getUid()));
    return new Routing(ingress, own.orElse(null), drop, Optional.of(ready));
  }

  private static List<HasMetadata> ours(WasmApp app, RoutesFound found) {
    var ours = new ArrayList<HasMetadata>();
    found.ownHttpRoute(app).ifPresent(ours::add);
    found.ownIngress(app).ifPresent(ours::add);
    return ours;
  }

  private static Condition taken(WasmApp app, String kind) {
    var meta = app.getMetadata();
    return condition(
        Condition.FALSE, Reasons.ROUTE_TAKEN, taken(kind, meta.getName(), meta.getNamespace()));
  }

  /** What is said where somebody else has the name. */
  public static String taken(String kind, String name, String namespace) {
    return "%s %s named %s exists in namespace %s and was not made for this app. Delete it, or give the app another name."
        .formatted(VOWEL_SOUND.contains(kind) ? "An" : "A", kind, name, namespace);
  }

  static Condition condition(String status, String reason, String message) {
    return new Condition(ROUTE, status, reason, message, null, null);
  }
}
