package dev.dunlin.operator;

import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.operator.access.Account;
import dev.dunlin.operator.check.InstallCheck;
import dev.dunlin.operator.metrics.AgentReadings;
import dev.dunlin.operator.port.PortRange;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The operator's process: reads flags, starts a {@link DunlinOperator}, and ends it on a signal.
 */
@Command(
    name = "dunlin-operator",
    mixinStandardHelpOptions = true,
    subcommands = InstallCheck.class,
    description = "Runs WasmApps on the cluster that KUBECONFIG or the Pod's own account names.")
public final class OperatorMain implements Callable<Integer> {
  private static final Duration CLOSING = Duration.ofSeconds(15);

  @Option(
      names = "--namespace",
      defaultValue = "${env:POD_NAMESPACE:-dunlin-system}",
      description = "Where the agents' Leases and the operator's own are (${DEFAULT-VALUE}).")
  private String namespace = "";

  @Option(
      names = "--watch-namespace",
      description = "Look after WasmApps of this namespace only; repeatable. Default: all.")
  private List<String> watchNamespaces = List.of();

  @Option(
      names = "--admin-port",
      defaultValue = "8080",
      description = "Port of /livez, /readyz and /metrics; 0 for any (${DEFAULT-VALUE}).")
  private int adminPort;

  @Option(
      names = "--app-ports",
      defaultValue = "20000-29999",
      description = "Ports that http apps get, one each, on every agent (${DEFAULT-VALUE}).")
  private String appPorts = "";

  @Option(
      names = "--leader-elect",
      defaultValue = "true",
      arity = "0..1",
      fallbackValue = "true",
      description = "Work only while holding the Lease dunlin-operator (${DEFAULT-VALUE}).")
  private boolean leaderElect;

  @Option(
      names = "--node-grace-seconds",
      defaultValue = "3",
      description =
          "Time between a node's Lease having expired and its instances being replaced (${DEFAULT-VALUE}).")
  private int nodeGraceSeconds;

  @Option(
      names = "--outage-grace-seconds",
      defaultValue = "60",
      description =
          "How long agents that all stop renewing their Leases together are believed to live (${DEFAULT-VALUE}).")
  private int outageGraceSeconds;

  @Option(
      names = "--remove-node-after-seconds",
      defaultValue = "600",
      description =
          "Silence after which a WasmNode without instances is deleted (${DEFAULT-VALUE}).")
  private int removeNodeAfterSeconds;

  @Option(
      names = "--job-retry-delay-seconds",
      defaultValue = "10",
      description =
          "Delay before a job's first run after a failure; it doubles, up to 6 min (${DEFAULT-VALUE}).")
  private int jobRetryDelaySeconds;

  @Option(
      names = "--aggregated-api-port",
      defaultValue = "8443",
      description =
          "Port where logs and metrics are served through the API server; 0: not at all (${DEFAULT-VALUE}).")
  private int aggregatedApiPort;

  @Option(
      names = "--aggregated-api-service",
      defaultValue = "dunlin-operator",
      description =
          "Service in --namespace that leads to that port; the API server is told of it while it exists (${DEFAULT-VALUE}).")
  private String aggregatedApiService = "";

  @Option(
      names = "--aggregated-api-owner",
      paramLabel = "NAME",
      description =
          "ClusterRole that owns the APIServices, which go when it is deleted; they stay where none is given.")
  private @Nullable String aggregatedApiOwner;

  @Option(
      names = "--custom-metrics",
      defaultValue = "true",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Serve metrics of apps as custom.metrics.k8s.io, unless another adapter does (${DEFAULT-VALUE}).")
  private boolean customMetrics;

  @Option(
      names = "--external-metrics",
      defaultValue = "false",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Serve them as external.metrics.k8s.io too, unless another adapter does (${DEFAULT-VALUE}).")
  private boolean externalMetrics;

  @Option(
      names = "--metrics-interval-seconds",
      defaultValue = "5",
      description =
          "Time between two readings of an agent whose apps' metrics somebody asks for (${DEFAULT-VALUE}).")
  private int metricsIntervalSeconds;

  @Option(
      names = "--metrics-window-seconds",
      defaultValue = "30",
      description = "Time that rates of apps are worked out over (${DEFAULT-VALUE}).")
  private int metricsWindowSeconds;

  @Option(
      names = "--agent-service-account",
      description =
          "ServiceAccount of the agents, in --namespace: let it read the ConfigMaps and Secrets that apps refer to, by a Role in each namespace that has such apps. Default: none is, the agents have that right already.")
  private @Nullable String agentServiceAccount;

  @Option(
      names = "--agent-cluster-role",
      description =
          "ClusterRole that owns those Roles: they go when it goes. Default: nothing owns them.")
  private @Nullable String agentClusterRole;

  @Option(
      names = "--plain-http-registry",
      paramLabel = "HOST:PORT",
      description = "A registry that speaks http without TLS; repeatable.")
  private List<String> plainHttpRegistries = List.of();

  @Option(
      names = "--registry-mirror",
      paramLabel = "REGISTRY=HOST[:PORT]",
      description = "Asked before the registry itself; repeatable.")
  private Map<String, String> registryMirrors = Map.of();

  @Option(
      names = "--registry-ca",
      paramLabel = "FILE",
      description = "PEM certificates to trust besides the system's.")
  private @Nullable Path registryCa;

  public static void main(String[] args) {
    System.exit(new CommandLine(new OperatorMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var client = client()) {
      var operator = DunlinOperator.start(config(), client);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeInTime(operator), "dunlin-hook"));
      new CountDownLatch(1).await(); // a signal ends the process, through the hook
    }
    return 0;
  }

  /**
   * Passes and timers try again by themselves, with newer knowledge than a request has that is
   * repeated for half a minute.
   */
  private static KubernetesClient client() {
    var config = new ConfigBuilder().withRequestRetryBackoffLimit(1).build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** A signal must end the process, whatever hangs: the Lease expires by itself. */
  private static void closeInTime(DunlinOperator operator) {
    var done = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .name("dunlin-close")
        .start(() -> {
          try {
            operator.close();
          } finally {
            done.countDown();
          }
        });
    try {
      if (!done.await(CLOSING.toSeconds(), TimeUnit.SECONDS))
        System.err.println("The operator did not stop within " + CLOSING.toSeconds() + " s.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  OperatorConfig config() {
    return new OperatorConfig(
        namespace,
        Set.copyOf(watchNamespaces),
        adminPort,
        PortRange.parse(appPorts),
        leaderElect,
        Objects.requireNonNullElse(System.getenv("POD_NAME"), "dunlin-operator"),
        OperatorConfig.DEFAULT.leasePoll(),
        Duration.ofSeconds(nodeGraceSeconds),
        Duration.ofSeconds(outageGraceSeconds),
        Duration.ofSeconds(removeNodeAfterSeconds),
        Duration.ofSeconds(jobRetryDelaySeconds),
        new OperatorConfig.Aggregation(
            aggregatedApiPort, aggregatedApiService, Optional.ofNullable(aggregatedApiOwner)),
        new OperatorConfig.Metrics(
            new AgentReadings.Settings(
                Duration.ofSeconds(metricsIntervalSeconds),
                Duration.ofSeconds(metricsWindowSeconds)),
            customMetrics,
            externalMetrics),
        Optional.ofNullable(agentServiceAccount)
            .map(name -> new Account(namespace, name, Optional.ofNullable(agentClusterRole))),
        registry());
  }

  private RegistryConfig registry() {
    var config = RegistryConfig.defaults().withCaBundle(registryCa);
    for (String host : plainHttpRegistries) config = config.withPlainHttp(host);
    for (var mirror : registryMirrors.entrySet())
      config = config.withMirror(mirror.getKey(), mirror.getValue());
    return config;
  }
}
