package dev.dunlin.e2e.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** The API server that the demo plays on. Closing it leaves nothing of the demo behind. */
sealed interface DemoApi extends AutoCloseable permits InMemoryApi, GivenApi {
  /** One sentence that names it. */
  String what();

  KubernetesClient client();

  /** For the operator, the agents and the viewer's kubectl. */
  Path kubeconfig();

  /** Where the example's objects go. */
  String appNamespace();

  /** Where the Leases are. */
  String systemNamespace();

  /** The address that an agent tells the cluster; it listens on {@code 127.0.0.N}. */
  String advertised(int agent);

  /** What {@code kubectl} needs to be told to see the demo. */
  default String kubectl() {
    String namespace = appNamespace().equals("default") ? "" : " -n " + appNamespace();
    return "kubectl --kubeconfig " + kubeconfig() + namespace;
  }

  @Override
  void close();
}
