package dev.dunlin.e2e.demo;

import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.mock.MockApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An API server in this JVM. */
final class InMemoryApi implements DemoApi {
  private static final String SYSTEM = "dunlin-system";

  private final MockApiServer server;
  private final KubernetesClient client;
  private final Path kubeconfig;

  InMemoryApi(Path folder) throws IOException {
    server = MockApiServer.start();
    client = server.client();
    kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(kubeconfig, server.kubeconfig());
    Repository.installCrds(client);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(SYSTEM).endMetadata().build())
        .create();
  }

  @Override
  public String what() {
    return "A Kubernetes API in memory, with Dunlin's CRDs, on " + server.url();
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
    return "default";
  }

  @Override
  public String systemNamespace() {
    return SYSTEM;
  }

  @Override
  public String advertised(int agent) {
    return Agents.bound(agent);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
