package dev.dunlin.operator.route;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Route;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReferenceBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The HTTPRoute of an app: from Gateways to the app's Service. */
public final class AppHttpRoute {
  /** Name of the CRD that the cluster has where it has the Gateway API. */
  public static final String CRD = "httproutes.gateway.networking.k8s.io";

  /** The version of it that is asked for. */
  public static final String VERSION = "v1";

  private static final String GROUP = "gateway.networking.k8s.io";
  private static final List<String> MUST_BE_TRUE = List.of("Accepted", "ResolvedRefs");

  /** What should be; what the CRD would put in is said. */
  static HTTPRoute of(WasmApp app, Route wanted, int port) {
    return new HTTPRouteBuilder()
        .withMetadata(AppService.metadata(app).build())
        .withNewSpec()
        .withHostnames(wanted.hostnames())
        .withParentRefs(wanted.parentRefs().stream().map(AppHttpRoute::parent).toList())
        .addNewRule()
        .addNewMatch()
        .withNewPath("PathPrefix", wanted.pathPrefix() == null ? "/" : wanted.pathPrefix())
        .endMatch()
        .addNewBackendRef()
        .withGroup("")
        .withKind("Service")
        .withName(app.getMetadata().getName())
        .withPort(port)
        .withWeight(1)
        .endBackendRef()
        .endRule()
        .endSpec()
        .build();
  }

  private static ParentReference parent(dev.dunlin.api.v1alpha1.ParentReference wanted) {
    return new ParentReferenceBuilder()
        .withGroup(GROUP)
        .withKind("Gateway")
        .withName(wanted.name())
        .withNamespace(wanted.namespace())
        .withSectionName(wanted.sectionName())
        .withPort(wanted.port())
        .build();
  }

  /** Whether {@code found} says what {@code wanted} says, and nothing else. */
  static boolean matches(HTTPRoute found, HTTPRoute wanted) {
    return AppService.sameMetadata(found, wanted)
        && Objects.equals(found.getSpec(), wanted.getSpec());
  }

  /** How the Gateways that it names took it. */
  static Condition condition(WasmApp app, HTTPRoute found) {
    String name = app.getMetadata().getName();
    var told = told(found);
    for (var parent : told)
      for (var condition : parent.getConditions())
        if (MUST_BE_TRUE.contains(condition.getType())
            && Condition.FALSE.equals(condition.getStatus()))
          return Routing.condition(
              Condition.FALSE,
              Reasons.ROUTE_NOT_ACCEPTED,
              "Gateway %s does not take HTTPRoute %s (%s): %s"
                  .formatted(
                      parent.getParentRef().getName(),
                      name,
                      condition.getReason(),
                      condition.getMessage()));
    int asked = found.getSpec().getParentRefs().size();
    return told.size() < asked
        ? Routing.condition(
            Condition.UNKNOWN,
            Reasons.ROUTE_PENDING,
            "HTTPRoute %s is there; %d of %d Gateways have taken it."
                .formatted(name, told.size(), asked))
        : Routing.condition(
            Condition.TRUE,
            Reasons.ROUTE_READY,
            "HTTPRoute %s is taken by %s."
                .formatted(name, asked == 1 ? "its Gateway" : "its Gateways"));
  }

  /** What Gateways said of it as it is now. */
  private static List<RouteParentStatus> told(HTTPRoute found) {
    var told = new ArrayList<RouteParentStatus>();
    if (found.getStatus() == null || found.getStatus().getParents() == null) return told;
    for (var parent : found.getStatus().getParents())
      if (parent.getConditions() != null
          && parent.getParentRef() != null
          && found.getSpec().getParentRefs().contains(parent.getParentRef())
          && parent.getConditions().stream()
              .anyMatch(it -> "Accepted".equals(it.getType()) && isOfNow(it, found)))
        told.add(parent);
    return told;
  }

  private static boolean isOfNow(
      io.fabric8.kubernetes.api.model.Condition condition, HTTPRoute found) {
    @Nullable Long of = condition.getObservedGeneration();
    return of == null || Objects.equals(of, found.getMetadata().getGeneration());
  }

  private AppHttpRoute() {}
}
