package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.e2e.house.HttpCall;
import dev.dunlin.e2e.house.ServiceProxy;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One WasmApp as its owner sees it. */
record App(Apps apps, String name) {

  /**
   * Applies it with that spec, YAML in flow style without its braces; the image is told:1 where the
   * spec names none.
   */
  void apply(String spec) {
    String image = spec.contains("image:") ? "" : "image: \"registry.example.com/told:1\", ";
    apps.applyYaml(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: %s}
        spec: {%s%s}
        """
            .formatted(name, image, spec));
  }

  /** Changes one part of it. */
  void patch(String specJson) {
    apps.kubectl()
        .run("patch", "wasmapp", name, "--type=merge", "-p", "{\"spec\":{" + specJson + "}}");
  }

  void delete() {
    resource().delete();
  }

  boolean exists() {
    return resource().get() != null;
  }

  WasmApp get() {
    return resource().require();
  }

  private Resource<WasmApp> resource() {
    return apps.client().resources(WasmApp.class).inNamespace(apps.namespace()).withName(name);
  }

  /** Empty until the operator has written one. */
  WasmAppStatus status() {
    return Objects.requireNonNullElse(get().getStatus(), WasmAppStatus.EMPTY);
  }

  Optional<Condition> condition(String type) {
    return Condition.find(status().conditions(), type);
  }

  /** The condition as {@code Status/Reason: message}, for assertions. */
  String told(String type) {
    return condition(type)
        .map(c -> c.status() + "/" + c.reason() + ": " + c.message())
        .orElse("(none)");
  }

  /** All of its instances, those being deleted too. */
  List<WasmInstance> instances() {
    return itsInstances().list().getItems();
  }

  FilterWatchListDeletable<
          WasmInstance, KubernetesResourceList<WasmInstance>, Resource<WasmInstance>>
      itsInstances() {
    return apps.client()
        .resources(WasmInstance.class)
        .inNamespace(apps.namespace())
        .withLabel(Api.APP_LABEL, name);
  }

  /** Those that stay. */
  List<WasmInstance> standing() {
    return instances().stream()
        .filter(instance -> instance.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  List<String> names() {
    return standing().stream().map(instance -> instance.getMetadata().getName()).toList();
  }

  /** The node of each of those that stay. */
  List<String> nodes() {
    return standing().stream().map(instance -> instance.getSpec().nodeName()).sorted().toList();
  }

  static boolean isReady(WasmInstance instance) {
    return instance.getStatus() != null && Boolean.TRUE.equals(instance.getStatus().ready());
  }

  static WasmInstanceStatus statusOf(WasmInstance instance) {
    return Objects.requireNonNullElse(instance.getStatus(), WasmInstanceStatus.EMPTY);
  }

  /** Waits until exactly so many instances of the present template are there and ready. */
  App awaitReady(int replicas) {
    awaitAsserted(() -> {
      WasmApp app = get();
      WasmAppStatus status = Objects.requireNonNullElse(app.getStatus(), WasmAppStatus.EMPTY);
      assertThat(status.observedGeneration()).isEqualTo(app.getMetadata().getGeneration());
      assertThat(
              List.of(
                  orZero(status.updatedReplicas()),
                  orZero(status.readyReplicas()),
                  orZero(status.replicas())))
          .as("updated, ready and all of %s: %s", name, status.conditions())
          .containsExactly(replicas, replicas, replicas);
    });
    return this;
  }

  /** Waits until the condition is as told, and says this of the present generation. */
  App awaitCondition(String type, String status, String reason) {
    awaitAsserted(() -> {
      WasmApp app = get();
      assertThat(told(type)).startsWith(status + "/" + reason + ":");
      assertThat(status().observedGeneration()).isEqualTo(app.getMetadata().getGeneration());
    });
    return this;
  }

  /** Reasons of the Events about the app itself. */
  List<String> events() {
    return apps
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(apps.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getRegarding() != null)
        .filter(event ->
            event.getRegarding().getName().equals(name)
                || event.getRegarding().getName().startsWith(name + "-"))
        .map(Event::getReason)
        .toList();
  }

  ServiceProxy service() {
    return apps.house().proxy(apps.namespace(), name);
  }

  /** What every place that serves the app answers. */
  static List<String> answers(ServiceProxy service, String path) throws IOException {
    var answers = new ArrayList<String>();
    for (ServiceProxy.Target target : service.targets()) {
      answers.add(HttpCall.get(path).send(target.host(), target.port()).text().strip());
    }
    return answers;
  }

  static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
