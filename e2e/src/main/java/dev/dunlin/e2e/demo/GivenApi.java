package dev.dunlin.e2e.demo;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The API server of a kubeconfig: the demo keeps to a namespace of its own, and brings the CRDs
 * only where they are missing.
 */
final class GivenApi implements DemoApi {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path kubeconfig;
  private final KubernetesClient client;
  private final String namespace = "dunlin-demo-" + UUID.randomUUID().toString().substring(0, 6);
  private final boolean broughtCrds;

  GivenApi(Path kubeconfig) {
    this.kubeconfig = kubeconfig.toAbsolutePath();
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setNamespace(namespace);
    client = new KubernetesClientBuilder().withConfig(config).build();
    broughtCrds = !crdsAreThere();
    if (broughtCrds) Repository.installCrds(client);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  private boolean crdsAreThere() {
    return client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("wasmapps.dunlin.dev")
            .get()
        != null;
  }

  @Override
  public String what() {
    return "The API server of "
        + kubeconfig
        + ", "
        + client.getMasterUrl()
        + "; namespace "
        + namespace
        + (broughtCrds ? ", CRDs installed for the demo" : ", CRDs as they are there");
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public String appNamespace() {
    return namespace;
  }

  @Override
  public String systemNamespace() {
    return namespace;
  }

  /** A real API server refuses loopback addresses in EndpointSlices; TEST-NET-1 stands for them. */
  @Override
  public String advertised(int agent) {
    return "192.0.2." + agent;
  }

  /** The agents are gone by now, so nobody else takes their finalizers off. */
  @Override
  public void close() {
    client.resources(WasmApp.class).inNamespace(namespace).delete();
    client.resources(WasmInstance.class).inNamespace(namespace).delete();
    for (WasmInstance left :
        client.resources(WasmInstance.class).inNamespace(namespace).list().getItems()) {
      client.resource(left).edit(GivenApi::withoutFinalizers);
    }
    client.namespaces().withName(namespace).delete();
    for (int agent : Agents.NUMBERS)
      client.resources(WasmNode.class).withName(Agents.node(this, agent)).delete();
    if (broughtCrds) {
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .resources()
          .map(crd -> crd.get())
          .filter(crd -> crd != null && crd.getSpec().getGroup().equals("dunlin.dev"))
          .toList()
          .forEach(crd -> client.resource(crd).delete());
    }
    Await.until(
        "namespace " + namespace + " is gone",
        PATIENCE,
        () -> client.namespaces().withName(namespace).get() == null,
        () -> "it is still there; kubectl describe namespace " + namespace + " says why");
    client.close();
  }

  private static <T extends HasMetadata> T withoutFinalizers(T object) {
    object.getMetadata().setFinalizers(List.of());
    return object;
  }
}
