package dev.dunlin.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.HttpCall;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * A short life of a few apps that asks the operator and an agent for a bit of everything that they
 * do to the API server.
 */
record Life(Kubectl kubectl, House house) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static Life of(Kubectl kubectl, House house) {
    return new Life(kubectl, house);
  }

  void live() throws IOException {
    kubectl.run("create", "configmap", "words", "--from-literal=LINE=wave");
    kubectl.run("create", "secret", "generic", "password", "--from-literal=WORD=sea");
    apply("WasmQuota", "bound", "hard: {instances: 20}");
    apply("WasmVolume", "data", "size: 10Mi");
    app(
        "keeper",
        "volumes: [{name: data, wasmVolume: {claimName: data}}], volumeMounts: [{name: data, mountPath: /data}]");
    app("once", "job: {ttlSecondsAfterFinished: 1}, args: [say x]");
    app("each-year", "cron: {schedule: '0 0 1 1 *', job: {}}, args: [say x]");
    app("web", web("one"));
    app(
        "resting",
        "http: {idleAfterSeconds: 1}, autoscaling: {minReplicas: 0, maxReplicas: 2, metrics: [{name: requests_per_second, averageValue: 100}]}");
    awaitReady("keeper");
    awaitReady("web");
    awaitReady("each-year");
    var service = house.proxy(kubectl.namespace(), "web");
    until(() -> !service.targets().isEmpty());
    assertThat(answer(service, "/env?VOICE")).contains("one");
    assertThat(answer(service, "/env?LINE")).contains("wave");
    assertThat(answer(service, "/env?WORD")).contains("sea");

    app("web", web("two"));
    until(() -> status("web", "{.status.canary.weight}").equals("50"));
    logsAndMetrics(service);
    until(() ->
        status("web", "{.status.conditions[?(@.type=='Progressing')].reason}").equals("RolledOut"));
    kubectl.run("scale", "wasmapp/web", "--replicas=1");
    until(() -> status("web", "{.status.replicas}").equals("1"));
    until(() -> status("resting", "{.spec.replicas}").equals("0"));
    until(() -> !kubectl.run("get", "wasmapps", "-o", "name").contains("/once"));

    kubectl.run("delete", "wasmapps", "--all", "--timeout=60s");
    kubectl.run("delete", "wasmvolumes", "--all", "--timeout=60s");
    until(() -> kubectl.run("get", "wasminstances", "-o", "name").isBlank());
  }

  private static String web(String voice) {
    return """
    replicas: 2, http: {route: {ingressClassName: nginx, hostnames: [a.example.com]}},
    env: [{name: VOICE, value: %s}, {name: WORD, valueFrom: {secretKeyRef: {name: password, key: WORD}}}],
    envFrom: [{configMapRef: {name: words}}],
    strategy: {type: Canary, canary: {steps: [{weight: 50, pauseSeconds: 2}]}}\
    """
        .formatted(voice);
  }

  private void logsAndMetrics(ServiceProxy service) {
    until(() ->
        kubectl
            .call("", "get", "--raw", path("logs.dunlin.dev/v1alpha1", "wasmapps/web/log"))
            .ok());
    until(() -> {
      var _ = answer(service, "/");
      return kubectl
          .call(
              "",
              "get",
              "--raw",
              path("custom.metrics.k8s.io/v1beta2", "wasmapps.dunlin.dev/web/requests_per_second"))
          .ok();
    });
  }

  private String path(String group, String rest) {
    return "/apis/%s/namespaces/%s/%s".formatted(group, kubectl.namespace(), rest);
  }

  private static String answer(ServiceProxy service, String path) throws IOException {
    ServiceProxy.Target target = service.targets().getFirst();
    return HttpCall.get(path).send(target.host(), target.port()).text();
  }

  private void awaitReady(String app) {
    until(() -> status(app, "{.status.conditions[?(@.type=='Ready')].status}").equals("True"));
  }

  private String status(String app, String jsonPath) {
    return kubectl.run("get", "wasmapp", app, "-o", "jsonpath=" + jsonPath);
  }

  private static void until(Callable<Boolean> state) {
    await().atMost(PATIENCE).until(state);
  }

  private void app(String name, String spec) {
    apply("WasmApp", name, "image: \"registry.example.com/told:1.0\", " + spec);
  }

  private void apply(String kind, String name, String spec) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: %s
        metadata: {name: %s}
        spec: {%s}
        """
            .formatted(kind, name, spec));
  }
}
