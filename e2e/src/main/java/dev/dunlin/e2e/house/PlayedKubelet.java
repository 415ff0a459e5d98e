package dev.dunlin.e2e.house;

import dev.dunlin.e2e.child.Await;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells the API server of agents what kubelets would: a Node and the agent's Pod for each, and
 * whether it is ready, looked at once a second as a kubelet does.
 */
public final class PlayedKubelet implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final String namespace;
  private final List<Machine> machines = new ArrayList<>();
  private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();

  /** One agent's machine, as it was last told. Owned by the thread of the rounds. */
  private static final class Machine {
    final String node;
    final Program agent;
    boolean ready;

    Machine(String node, Program agent) {
      this.node = node;
      this.agent = agent;
    }

    String pod() {
      return "dunlin-agent-" + node;
    }
  }

  private PlayedKubelet(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Begins for agents that run; {@code namespace} is that of their Pods. */
  public static PlayedKubelet of(KubernetesClient client, String namespace) {
    return new PlayedKubelet(client, namespace);
  }

  /** Takes on one more agent. */
  public PlayedKubelet with(String node, Program agent) {
    machines.add(new Machine(node, agent));
    return this;
  }

  /** Makes the Nodes and Pods, and goes round from now on. */
  public PlayedKubelet start() {
    // Admission wants every Pod's account to be there; a controller makes it.
    Await.until(
        "the service account of " + namespace,
        PATIENCE,
        () -> client.serviceAccounts().inNamespace(namespace).withName("default").get() != null,
        () -> "none");
    for (Machine machine : machines) {
      client
          .resource(
              new NodeBuilder().withNewMetadata().withName(machine.node).endMetadata().build())
          .create();
      // Admission taints every new Node; it goes once the Node is Ready.
      client
          .nodes()
          .withName(machine.node)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"taints\": null}}");
      client.resource(pod(machine)).create();
    }
    var _ =
        rounds.scheduleWithFixedDelay(() -> machines.forEach(this::look), 0, 1, TimeUnit.SECONDS);
    return this;
  }

  private Pod pod(Machine machine) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(machine.pod())
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/name", "dunlin-agent")
        .endMetadata()
        .withNewSpec()
        .withNodeName(machine.node)
        .withAutomountServiceAccountToken(false)
        .addNewContainer()
        .withName("agent")
        .withImage("dunlin")
        .endContainer()
        .endSpec()
        .build();
  }

  private void look(Machine machine) {
    boolean ready = machine.agent.isAlive();
    if (ready == machine.ready) return;
    try {
      say(machine, ready);
      machine.ready = ready;
    } catch (KubernetesClientException inTheNextRound) {
      System.err.println("kubelet of " + machine.node + ": " + inTheNextRound.getMessage());
    }
  }

  private void say(Machine machine, boolean ready) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(machine.pod())
        .editStatus(pod ->
            pod.edit()
                .editOrNewStatus()
                .withPhase("Running")
                .withConditions()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .withLastTransitionTime(Instant.now().toString())
                .endCondition()
                .endStatus()
                .build());
  }

  @Override
  public void close() {
    rounds.shutdownNow();
    for (Machine machine : machines) {
      client.pods().inNamespace(namespace).withName(machine.pod()).withGracePeriod(0).delete();
      client.nodes().withName(machine.node).delete();
    }
  }
}
