package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import org.junit.jupiter.api.Test;

/** How an app is reached from outside, with the Gateway API and without. */
@InSharedHouse
class RouteTest {
  private static final String ROUTE = "Route";
  private static final String BY_GATEWAY =
      "http: {port: 8080, route: {hostnames: [%s], parentRefs: [{name: public, namespace: gateways}]}}";
  private static final String BY_INGRESS =
      "http: {route: {ingressClassName: nginx, hostnames: [a.example.com], tlsSecretName: a-tls}}";

  @Test
  void anHttpRouteComesWithTheGatewayApiSaysWhatTheGatewaySaysAndGoesWithItsField(Apps apps) {
    App app = apps.apply("shown", BY_GATEWAY.formatted("a.example.com")).awaitReady(1);
    app.awaitCondition(ROUTE, "False", Reasons.GATEWAY_API_MISSING)
        .awaitCondition("Ready", "True", Reasons.ALL_READY);

    try (var gateways = GatewayApi.install(apps.kubectl())) {
      app.awaitCondition(ROUTE, "Unknown", Reasons.ROUTE_PENDING);
      awaitUntil("it is there", () -> exists(apps, "httproute/shown"));
      assertThat(
              route(
                  apps, "{.spec.hostnames} {.spec.parentRefs[0]} {.spec.rules[0].matches[0].path}"))
          .isEqualTo(
              "[\"a.example.com\"] {\"group\":\"gateway.networking.k8s.io\",\"kind\":\"Gateway\",\"name\":\"public\",\"namespace\":\"gateways\"} {\"type\":\"PathPrefix\",\"value\":\"/\"}");
      assertThat(
              route(
                  apps,
                  "{.spec.rules[0].backendRefs[0].name}:{.spec.rules[0].backendRefs[0].port}"))
          .isEqualTo("shown:8080");

      gateways.answer("shown", "False", "NotAllowedByListeners", "Not from this namespace.");
      app.awaitCondition(ROUTE, "False", Reasons.ROUTE_NOT_ACCEPTED);
      assertThat(app.told(ROUTE)).contains("NotAllowedByListeners", "Not from this namespace.");
      gateways.answer("shown", "True", "Accepted", "Route is accepted.");
      app.awaitCondition(ROUTE, "True", Reasons.ROUTE_READY);
      assertThat(app.events())
          .contains(Reasons.GATEWAY_API_MISSING, Reasons.ROUTE_NOT_ACCEPTED, Reasons.ROUTE_READY);
      assertThat(writers(apps))
          .as("what was made first was right")
          .doesNotContain("dunlin-operator");

      String before = app.names().getFirst();
      app.apply(BY_GATEWAY.formatted("b.example.com, c.example.com"));
      app.awaitCondition(ROUTE, "Unknown", Reasons.ROUTE_PENDING);
      assertThat(route(apps, "{.spec.hostnames}"))
          .isEqualTo("[\"b.example.com\",\"c.example.com\"]");
      assertThat(app.names()).as("no roll-out").containsExactly(before);

      apps.kubectl()
          .run(
              "patch",
              "httproute",
              "shown",
              "--type=merge",
              "-p",
              "{\"spec\":{\"hostnames\":null}}");
      awaitUntil(
          "it is put back", () -> route(apps, "{.spec.hostnames}").contains("b.example.com"));
      String uid = route(apps, "{.metadata.uid}");
      apps.kubectl().run("delete", "httproute", "shown");
      awaitUntil(
          "another one is there",
          () -> exists(apps, "httproute/shown") && !route(apps, "{.metadata.uid}").equals(uid));

      app.apply("http: {port: 8080}");
      awaitUntil("it is gone", () -> !exists(apps, "httproute/shown"));
      awaitAsserted(() -> assertThat(app.told(ROUTE)).isEqualTo("(none)"));
      assertThat(app.names()).containsExactly(before);

      app.apply(BY_GATEWAY.formatted("a.example.com"));
      app.awaitCondition(ROUTE, "Unknown", Reasons.ROUTE_PENDING);
    }
    app.awaitCondition(ROUTE, "False", Reasons.GATEWAY_API_MISSING);
  }

  @Test
  void anIngressIsMadeInItsPlaceAndGoesWithTheApp(Apps apps) {
    App app = apps.apply("shown", BY_INGRESS).awaitReady(1);
    app.awaitCondition(ROUTE, "True", Reasons.ROUTE_READY);
    assertThat(apps.kubectl().run("get", "ingress", "shown").lines().skip(1))
        .singleElement()
        .asString()
        .containsPattern("^shown +nginx +a.example.com +80, 443 ");

    app.apply("http: {route: {ingressClassName: nginx, pathPrefix: /shop}}");
    awaitUntil(
        "names and TLS are gone",
        () ->
            apps.kubectl()
                .run(
                    "get",
                    "ingress",
                    "shown",
                    "-o",
                    "jsonpath={.spec.tls}{.spec.rules[0].host} {.spec.rules[0].http.paths[0].path}")
                .equals(" /shop"));

    try (var gateways = GatewayApi.install(apps.kubectl())) {
      app.apply(BY_GATEWAY.formatted("a.example.com"));
      awaitUntil(
          "one has taken the other's place",
          () -> exists(apps, "httproute/shown") && !exists(apps, "ingress/shown"));
      app.apply(BY_INGRESS);
      awaitUntil(
          "and back", () -> exists(apps, "ingress/shown") && !exists(apps, "httproute/shown"));
      assertThat(gateways.kubectl().run("get", "httproutes", "-o", "name")).isBlank();
    }

    app.delete();
    awaitUntil("it goes with its app", () -> !exists(apps, "ingress/shown"));
  }

  @Test
  void whatSomebodyElseHasMadeIsNotTouched(Apps apps) {
    apps.kubectl().run("create", "ingress", "shown", "--rule=other.example.com/=other:80");

    App app = apps.apply("shown", BY_INGRESS).awaitReady(1);

    app.awaitCondition(ROUTE, "False", Reasons.ROUTE_TAKEN)
        .awaitCondition("Ready", "True", Reasons.ALL_READY);
    assertThat(apps.kubectl().run("get", "ingress", "shown")).contains("other.example.com");
    apps.kubectl().run("delete", "ingress", "shown");
    app.awaitCondition(ROUTE, "True", Reasons.ROUTE_READY);
    assertThat(apps.kubectl().run("get", "ingress", "shown")).contains("a.example.com");
  }

  private static boolean exists(Apps apps, String object) {
    return apps.kubectl().call("", "get", object).ok();
  }

  private static String route(Apps apps, String path) {
    return apps.kubectl().run("get", "httproute", "shown", "-o", "jsonpath=" + path);
  }

  /** Who has changed it, its status not counted. */
  private static String writers(Apps apps) {
    return route(apps, "{range .metadata.managedFields[*]}{.manager}/{.subresource} {end}");
  }
}
