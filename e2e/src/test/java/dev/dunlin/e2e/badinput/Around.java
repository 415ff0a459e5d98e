package dev.dunlin.e2e.badinput;

import static dev.dunlin.e2e.badinput.Scenario.module;

import dev.dunlin.e2e.app.GatewayApi;
import java.util.Map;

/** Scenarios of what is made for an app around it: its autoscaler, its route. */
final class Around {
  private static final String AUTOSCALING =
      "autoscaling: {maxReplicas: 3, metrics: [{name: requests_per_second, averageValue: 10}]}";
  private static final String GATEWAY = "http: {route: {parentRefs: [{name: public}]}}";
  private static final String INGRESS = "http: {route: {ingressClassName: nginx}}";

  static Map<String, Scenario> scenarios() {
    byte[] hello = Modules.hello();
    return Map.of(
        "Another HorizontalPodAutoscaler has the app's name, or scales the app",
        module("scaled", hello, AUTOSCALING)
            .given((house, k) ->
                k.apply(
                    """
                    apiVersion: autoscaling/v2
                    kind: HorizontalPodAutoscaler
                    metadata: {name: by-hand}
                    spec:
                      scaleTargetRef: {apiVersion: dunlin.dev/v1alpha1, kind: WasmApp, name: bad-scaled}
                      maxReplicas: 2
                      metrics: [{type: External, external: {metric: {name: m}, target: {type: AverageValue, averageValue: "1"}}}]
                    """))
            .cleanedBy((house, k) -> k.run("delete", "hpa", "by-hand")),
        "The API server refuses the app's HorizontalPodAutoscaler",
        module("no-scaler", hello, AUTOSCALING)
            .given((house, k) -> {
              String count = "count/horizontalpodautoscalers.autoscaling";
              k.run("create", "quota", "no-scalers", "--hard=" + count + "=0");
              k.run("wait", "--for=jsonpath={.status.used}", "quota/no-scalers", "--timeout=60s");
            })
            .cleanedBy((house, k) -> k.run("delete", "quota", "no-scalers")),
        "Its autoscaler gets no metrics",
        module("blind", hello, AUTOSCALING),
        "Its route names a Gateway, and the cluster has no Gateway API",
        module("no-gateways", hello, GATEWAY),
        "The Gateway does not take the app's HTTPRoute",
        module("unwelcome", hello, GATEWAY)
            .given((house, k) ->
                GatewayApi.install(k)
                    .answerOnceThere("bad-unwelcome", "False", "NoMatchingParent", "No listener."))
            .cleanedBy((house, k) -> new GatewayApi(k).close()),
        "Another HTTPRoute or Ingress has the app's name",
        module("route-taken", hello, INGRESS)
            .given((house, k) ->
                k.run("create", "ingress", "bad-route-taken", "--rule=a.example.com/=other:80"))
            .cleanedBy((house, k) -> k.run("delete", "ingress", "bad-route-taken")),
        "The API server refuses the app's HTTPRoute or Ingress",
        module("no-route", hello, INGRESS)
            .given((house, k) -> {
              String count = "count/ingresses.networking.k8s.io";
              k.run("create", "quota", "no-ingresses", "--hard=" + count + "=0");
              k.run("wait", "--for=jsonpath={.status.used}", "quota/no-ingresses", "--timeout=60s");
            })
            .cleanedBy((house, k) -> k.run("delete", "quota", "no-ingresses")));
  }

  private Around() {}
}
