package dev.dunlin.operator.check;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmNode;
import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Waits until an agent is ready and the API server reaches the operator, or says what is amiss. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Waits until an installation works: what helm test runs.")
public final class InstallCheck implements Callable<Integer> {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  @Option(
      names = "--patience-seconds",
      defaultValue = "120",
      description = "How long that may take (${DEFAULT-VALUE}).")
  private int patienceSeconds;

  @Option(
      names = "--api-service",
      defaultValue = "v1alpha1.logs.dunlin.dev",
      description = "APIService that has to lead to the operator (${DEFAULT-VALUE}).")
  private String apiService = "";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (var client = new KubernetesClientBuilder().build()) {
      PrintWriter out = spec.commandLine().getOut();
      long deadline = System.nanoTime() + Duration.ofSeconds(patienceSeconds).toNanos();
      List<String> amiss = amiss(client, apiService);
      while (!amiss.isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(AGAIN);
        amiss = amiss(client, apiService);
      }
      amiss.forEach(out::println);
      if (amiss.isEmpty()) out.println("Dunlin works: agents are ready, and its APIs answer.");
      return amiss.isEmpty() ? 0 : 1;
    }
  }

  /** What keeps an installation from working, in words; nothing where it works. */
  static List<String> amiss(KubernetesClient client, String apiService) {
    var amiss = new ArrayList<String>();
    try {
      var nodes = client.resources(WasmNode.class).list().getItems();
      if (nodes.isEmpty())
        amiss.add("There is no WasmNode: no agent has started. Do its Pods run, on any node?");
      else if (nodes.stream().noneMatch(InstallCheck::isReady))
        nodes.forEach(node -> amiss.add(told(node)));
      @Nullable APIService found = client.apiServices().withName(apiService).get();
      if (found == null)
        amiss.add(
            "There is no APIService %s: does an operator run, and see its Service?"
                .formatted(apiService));
      else if (!isAvailable(found)) amiss.add(told(found));
    } catch (KubernetesClientException e) {
      amiss.add("The API server does not tell: " + e.getMessage());
    }
    return amiss;
  }

  private static boolean isReady(WasmNode node) {
    @Nullable Condition ready = ready(node);
    return ready != null && ready.isTrue();
  }

  private static @Nullable Condition ready(WasmNode node) {
    return node.getStatus() == null
        ? null
        : Condition.find(node.getStatus().conditions(), "Ready").orElse(null);
  }

  private static String told(WasmNode node) {
    @Nullable Condition ready = ready(node);
    return "WasmNode %s is not ready: %s"
        .formatted(
            node.getMetadata().getName(),
            ready == null ? "no operator has said anything of it" : ready.message());
  }

  private static boolean isAvailable(APIService service) {
    return service.getStatus() != null
        && service.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Available") && it.getStatus().equals("True"));
  }

  private static String told(APIService service) {
    String name = service.getMetadata().getName();
    return service.getStatus() == null
        ? "The API server has not tried APIService %s yet".formatted(name)
        : service.getStatus().getConditions().stream()
            .filter(it -> it.getType().equals("Available"))
            .map(it -> "APIService %s is not available: %s".formatted(name, it.getMessage()))
            .findFirst()
            .orElse("The API server has not tried APIService %s yet".formatted(name));
  }
}
