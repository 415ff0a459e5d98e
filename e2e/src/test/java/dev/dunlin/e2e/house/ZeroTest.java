package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * From no instance to three and back, as {@code kubectl get hpa} shows it: a real API server and
 * its controllers, the operator and agents. (Its own control plane: a cluster has one metrics API.)
 */
@OnRealApiServer(own = true, controllers = true)
class ZeroTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PORT = Ports.free();
  private static final int CLIENTS = 6;

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl home;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    home = kubectl;
    house = House.over(controlPlane, kubectl.namespace());
    house.registry().pushModule("told:1", Modules.told());
    house.operator(
        "--aggregated-api-port=" + PORT,
        "--metrics-interval-seconds=1",
        "--metrics-window-seconds=5");
    house.agent(kubectl.namespace() + "-a");
    house.agent(kubectl.namespace() + "-b");
    Kubectl system = home.inNamespace(house.systemNamespace());
    system.apply(
        yaml("docs/logs.md", "kind: Service\n")
            .replace(
                "selector: {app.kubernetes.io/name: dunlin-operator}",
                "type: ExternalName\n  externalName: localhost")
            .replace("port: 443, targetPort: 8443", "port: " + PORT));
    system.apply(yaml("docs/autoscaling.md", "kind: ServiceAccount\n"));
    house.startAll();
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  /** The example in a document that has that line. */
  private static String yaml(String page, String line) throws IOException {
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Repository.root().resolve(page)))
        .results()
        .map(match -> match.group(1))
        .filter(text -> text.contains(line))
        .findFirst()
        .orElseThrow()
        .replace("dunlin-system", house.systemNamespace());
  }

  @Test
  void anAppGoesFromNoInstanceToThreeAndBack() throws IOException {
    home.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: sleepy}
        spec:
          image: registry.example.com/told:1
          http: {idleAfterSeconds: 2}
          autoscaling:
            minReplicas: 0
            maxReplicas: 3
            metrics: [{name: concurrent_requests, averageValue: 1}]
            behavior: {scaleDown: {stabilizationWindowSeconds: 0}}
        """);
    home.run("wait", "--for=condition=Autoscaling", "wasmapp/sleepy", "--timeout=90s");
    ServiceProxy service = house.proxy("sleepy");

    awaitZero();
    List<String> standby = instances();
    await().atMost(PATIENCE).until(() -> active().equals("ScalingDisabled"));
    assertThat(app("{.status.replicas} {.status.readyReplicas}")).isEqualTo("0 0");
    assertThat(standby).as("somebody holds the port").hasSize(1);
    assertThat(home.run("get", "hpa", "sleepy"))
        .containsPattern("sleepy +WasmApp/sleepy +.*/1 \\(avg\\) +1 +3 +0 ");

    var clients = new Clients(service);
    var seen = new ArrayList<String>();
    try (clients) {
      await()
          .atMost(PATIENCE)
          .until(() -> {
            note(seen);
            return app("{.spec.replicas} {.status.readyReplicas}").equals("3 3");
          });
      await().atMost(PATIENCE).until(() -> note(seen).equals("3"));
      assertThat(instances()).as("the standby was the first of them").containsAll(standby);
      assertThat(active()).isEqualTo("ValidMetricFound");
      System.out.println(home.run("get", "hpa", "sleepy"));
      clients.awaitMore(2 * CLIENTS);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> {
          note(seen);
          return app("{.spec.replicas}").equals("0");
        });
    awaitZero();
    await().atMost(PATIENCE).until(() -> note(seen).equals("0"));

    System.out.printf("kubectl get hpa, replicas: %s; %d answers%n", seen, clients.answered());
    assertThat(clients.missed).as("requests without an answer").isEmpty();
    assertThat(seen).startsWith("0").contains("3").endsWith("0");
    assertThat(events()).contains("ScaledToZero", "AllInstancesReady", "AutoscalerReady");
  }

  /** What {@code kubectl get hpa} says, where it says something new. */
  private static String note(List<String> seen) {
    String replicas =
        home.run("get", "hpa", "sleepy", "--no-headers")
            .strip()
            .replaceAll(".* ([0-9]+) +[^ ]+$", "$1");
    if (seen.isEmpty() || !seen.getLast().equals(replicas)) seen.add(replicas);
    return replicas;
  }

  private static void awaitZero() {
    await()
        .atMost(PATIENCE)
        .until(() ->
            (app("{.spec.replicas} ")
                    + app("{.status.conditions[?(@.type=='Ready')].status}/")
                    + app("{.status.conditions[?(@.type=='Ready')].reason}"))
                .equals("0 True/ScaledToZero"));
    await().atMost(PATIENCE).until(() -> instances().size() == 1);
  }

  private static String active() {
    return home.run(
        "get",
        "hpa",
        "sleepy",
        "-o",
        "jsonpath={.status.conditions[?(@.type=='ScalingActive')].reason}");
  }

  private static String app(String path) {
    return home.run("get", "wasmapp", "sleepy", "-o", "jsonpath=" + path);
  }

  private static List<String> instances() {
    return home.run("get", "wasminstances", "-o", "name").lines().toList();
  }

  private static List<String> events() {
    return home.run(
            "get",
            "events",
            "--field-selector=involvedObject.name=sleepy",
            "-o",
            "jsonpath={range .items[*]}{.reason}{'\\n'}{end}")
        .lines()
        .toList();
  }

  /** Clients that each wait for one slow answer after the other. */
  private static final class Clients implements AutoCloseable {
    private final Queue<String> missed = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    Clients(ServiceProxy service) {
      for (int i = 0; i < CLIENTS; i++)
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (!ended) ask(service);
                }));
    }

    private void ask(ServiceProxy service) {
      try {
        HttpAnswer answer = service.get("/sleep?500");
        if (answer.status() == 200) answers.add(answer.status());
        else missed.add(answer.toString());
      } catch (IOException e) {
        missed.add(String.valueOf(e));
      }
    }

    int answered() {
      return answers.size();
    }

    void awaitMore(int count) {
      int enough = answers.size() + count;
      await().atMost(PATIENCE).until(() -> answers.size() >= enough);
    }

    @Override
    public void close() {
      ended = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
