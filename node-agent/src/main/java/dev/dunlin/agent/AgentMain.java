package dev.dunlin.agent;

import dev.dunlin.agent.admin.LogAddress;
import dev.dunlin.agent.http.CarrierThreads;
import dev.dunlin.agent.http.HttpLimits;
import dev.dunlin.agent.idle.IdleTimes;
import dev.dunlin.agent.log.LogDisk;
import dev.dunlin.agent.trace.TraceSettings;
import dev.dunlin.agent.volume.VolumeSettings;
import dev.dunlin.engine.Engines;
import dev.dunlin.oci.RegistryConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The agent's process: reads its flags, runs an {@link Agent} until it is told to stop. */
@Command(
    name = "dunlin-agent",
    description = "Runs the WebAssembly apps of one node.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
public final class AgentMain implements Callable<Integer> {

  @Option(
      names = "--node-name",
      required = true,
      defaultValue = "${env:NODE_NAME}",
      description = "Name of the node, and of its WasmNode (env NODE_NAME).")
  @SuppressWarnings("NullAway.Init")
  private String nodeName;

  @Option(names = "--bind-address", description = "Address of app ports and admin port.")
  private String bindAddress = "0.0.0.0";

  @Option(
      names = "--advertise-address",
      defaultValue = "${env:POD_IP}",
      description =
          "Address under which the app ports are reached (env POD_IP; else the bind address, or the first address that is no loopback).")
  private @Nullable String advertiseAddress;

  @Option(names = "--data-dir", description = "Folder for modules, compiled code and volumes.")
  private Path dataDir = Path.of("/var/lib/dunlin");

  @Option(names = "--admin-port", description = "Port of /livez, /readyz and /metrics; 0: any.")
  private int adminPort = 8081;

  @Option(
      names = "--engine",
      description =
          "What runs modules: native (wasmtime), jvm, or auto: native where its library is there.")
  private Engines.Choice engine = Engines.Choice.AUTO;

  @Option(
      names = "--allocatable-memory",
      description =
          "Memory that instances may have in all, e.g. 2Gi (default: half of the largest heap of this process; with the native engine two thirds of what heap and process leave of the machine or container).")
  private @Nullable String allocatableMemory;

  @Option(
      names = "--allocatable-cpu",
      description =
          "Processors that instances may request in all, e.g. 1500m (default: as many as this process has).")
  private @Nullable String allocatableCpu;

  @Option(names = "--max-instances", description = "Instances at the most.")
  private int maxInstances = 1_000;

  @Option(names = "--max-connections", description = "Connections of http apps' clients, in all.")
  private int maxConnections = HttpLimits.DEFAULT.connections();

  @Option(
      names = "--max-requests",
      description = "Requests of http apps that are worked on at once, in all; more wait.")
  private int maxRequests = HttpLimits.DEFAULT.requests();

  @Option(
      names = "--max-queued",
      description = "Requests of http apps that wait, in all; more are answered 503.")
  private int maxQueued = HttpLimits.DEFAULT.queued();

  @Option(names = "--node-label", description = "Label of the WasmNode, KEY=VALUE; repeatable.")
  private Map<String, String> nodeLabels = new LinkedHashMap<>();

  @Option(
      names = "--namespace",
      defaultValue = "${env:POD_NAMESPACE:-dunlin-system}",
      description = "Namespace of the agent's Lease (env POD_NAMESPACE).")
  private String namespace = "dunlin-system";

  @Option(
      names = "--lease-duration-seconds",
      description = "Without a sign of life for so long the agent counts as lost.")
  private int leaseDurationSeconds = 4;

  @Option(
      names = "--drain-timeout-seconds",
      description = "How long a shutdown waits for instances to be placed elsewhere.")
  private int drainTimeoutSeconds = 20;

  @Option(names = "--log-port", description = "Port where instances' logs are read; 0: any.")
  private int logPort = 8082;

  @Option(
      names = "--log-address",
      description =
          "Address under which the operator reaches the logs' port (default: the advertise address).")
  private @Nullable String logAddress;

  @Option(
      names = "--log-max-size",
      description = "Size at which a file of an instance's log is followed by another one.")
  private String logMaxSize = "10Mi";

  @Option(names = "--log-max-files", description = "Files of one run's log, at the most.")
  private int logMaxFiles = 5;

  @Option(names = "--log-disk", description = "Disk for the logs of all instances.")
  private String logDisk = "1Gi";

  @Option(
      names = "--otlp-endpoint",
      description =
          "http://HOST:PORT of an OpenTelemetry receiver (OTLP over HTTP) that spans of requests go to (default: none are made).")
  private @Nullable String otlpEndpoint;

  @Option(
      names = "--trace-ratio",
      description =
          "How many of the requests that belong to no trace begin one, from 0 to 1, where --otlp-endpoint is given.")
  private double traceRatio = 1;

  @Option(names = "--cache-size", description = "Disk for fetched modules.")
  private String cacheSize = "10Gi";

  @Option(
      names = "--idle-after-seconds",
      description =
          "Without a request for so long an http app gives up its guest instances, unless it says itself after how long (http.idleAfterSeconds); 0: never.")
  private int idleAfterSeconds = 300;

  @Option(
      names = "--forget-code-after-seconds",
      description =
          "Without a request for so long, in all, it gives up its code's memory as well; 0: never.")
  private int forgetCodeAfterSeconds = 600;

  @Option(
      names = "--empty-dir-limit",
      description = "What an emptyDir volume may take that has no sizeLimit.")
  private String emptyDirLimit = "1Gi";

  @Option(
      names = "--local-volumes",
      description =
          "Folder of the node for WasmVolumes that are ReadWriteOnce; it must outlive the agent (default: none are offered).")
  private @Nullable Path localVolumes;

  @Option(
      names = "--shared-volumes",
      description =
          "Folder that all agents share, for WasmVolumes that are ReadWriteMany (default: none are offered).")
  private @Nullable Path sharedVolumes;

  @Option(
      names = "--plain-http-registry",
      description = "HOST:PORT of a registry that speaks plain http; repeatable.")
  private List<String> plainHttpRegistries = new ArrayList<>();

  @Option(
      names = "--registry-mirror",
      description = "REGISTRY=HOST[:PORT] to ask before a registry; repeatable, in order.")
  private List<String> registryMirrors = new ArrayList<>();

  @Option(
      names = "--registry-ca",
      description = "PEM file of certificates to trust besides the system's.")
  private @Nullable Path registryCa;

  public static void main(String[] args) {
    CarrierThreads.prepare();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new AgentMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((fault, command, parsed) -> {
          if (fault instanceof IOException || fault instanceof IllegalArgumentException) {
            command.getErr().println("dunlin-agent cannot start: " + fault.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
          }
          throw fault;
        });
  }

  @Override
  public Integer call() throws Exception {
    var client = new KubernetesClientBuilder().build();
    Agent agent;
    try {
      agent = Agent.start(config(), client);
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  agent.close();
                  client.close();
                  ended.countDown();
                }));
    ended.await();
    return 0;
  }

  AgentConfig config() throws SocketException {
    var config = AgentConfig.builder(nodeName, bindAddress, dataDir);
    if (allocatableMemory != null) {
      config.allocatableMemoryBytes(bytes(allocatableMemory));
    }
    if (allocatableCpu != null) {
      config.allocatableCpu(cpu(allocatableCpu));
    }
    return config
        .advertiseAddress(advertised())
        .adminPort(adminPort)
        .engine(engine)
        .maxInstances(maxInstances)
        .http(new HttpLimits(maxConnections, maxRequests, maxQueued))
        .nodeLabels(nodeLabels)
        .namespace(namespace)
        .leaseDuration(Duration.ofSeconds(leaseDurationSeconds))
        .drainTimeout(Duration.ofSeconds(drainTimeoutSeconds))
        .cacheBytes(bytes(cacheSize))
        .volumes(
            new VolumeSettings(
                Optional.ofNullable(localVolumes),
                Optional.ofNullable(sharedVolumes),
                bytes(emptyDirLimit)))
        .registries(registries())
        .idle(IdleTimes.ofSeconds(idleAfterSeconds, forgetCodeAfterSeconds))
        .logAddress(new LogAddress(logPort, Optional.ofNullable(logAddress)))
        .traces(
            otlpEndpoint == null ? TraceSettings.OFF : TraceSettings.to(otlpEndpoint, traceRatio))
        .logDisk(
            new LogDisk(bytes(logMaxSize), logMaxFiles, bytes(logDisk), LogDisk.DEFAULT.keepGone()))
        .build();
  }

  private RegistryConfig registries() {
    RegistryConfig registries = RegistryConfig.defaults().withCaBundle(registryCa);
    for (String registry : plainHttpRegistries) {
      registries = registries.withPlainHttp(registry);
    }
    for (String mirror : registryMirrors) {
      int sign = mirror.indexOf('=');
      if (sign < 1 || sign == mirror.length() - 1) {
        throw new IllegalArgumentException(
            "--registry-mirror: expected REGISTRY=HOST[:PORT], found \"" + mirror + "\"");
      }
      registries = registries.withMirror(mirror.substring(0, sign), mirror.substring(sign + 1));
    }
    return registries;
  }

  private String advertised() throws SocketException {
    if (advertiseAddress != null && !advertiseAddress.isEmpty()) {
      return advertiseAddress;
    }
    return bindAddress.equals("0.0.0.0") ? firstAddress() : bindAddress;
  }

  private static String firstAddress() throws SocketException {
    for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(device.getInetAddresses())) {
        if (device.isUp() && address.getAddress().length == 4 && !address.isLoopbackAddress()) {
          return Objects.requireNonNull(address.getHostAddress());
        }
      }
    }
    throw new IllegalArgumentException(
        "--advertise-address: this host has no address but loopback; give the one that others reach it under");
  }

  private static Quantity cpu(String quantity) {
    Quantity parsed = Quantity.parse(quantity);
    if (Quantity.getAmountInBytes(parsed).signum() <= 0) {
      throw new IllegalArgumentException(
          "--allocatable-cpu: expected more than 0 processors, found \"" + quantity + "\"");
    }
    return parsed;
  }

  private static long bytes(String quantity) {
    return Quantity.getAmountInBytes(Quantity.parse(quantity)).longValueExact();
  }
}
