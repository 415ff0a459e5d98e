package dev.dunlin.e2e.house;

import dev.dunlin.agent.AgentMain;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.oci.testing.InMemoryRegistry;
import dev.dunlin.operator.OperatorMain;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A whole Dunlin over a control plane: a registry, and the operator and agents as processes that it
 * starts. It looks after one namespace, so that several can share a control plane one after
 * another, or after all. Images of {@code registry.example.com} come from its registry.
 */
public final class House implements AutoCloseable {
  /** The registry that examples name; agents and operator find it on this machine. */
  public static final String REGISTRY = "registry.example.com";

  private static final String AGGREGATED_API_PORT = "--aggregated-api-port=";

  private static final String ALLOCATABLE_MEMORY = "--allocatable-memory=";

  private final ControlPlane controlPlane;
  private final Optional<String> namespace;
  private final String systemNamespace;
  private final Path folder;
  private final InMemoryRegistry registry = InMemoryRegistry.start();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final List<Program> programs = new ArrayList<>();
  private List<String> jvm = Program.JVM;

  private House(ControlPlane controlPlane, Optional<String> namespace, Path folder) {
    this.controlPlane = controlPlane;
    this.namespace = namespace;
    this.systemNamespace = namespace.orElse("dunlin") + "-system";
    this.folder = folder;
    closing.push(registry::close);
    controlPlane
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(systemNamespace)
                .endMetadata()
                .build())
        .serverSideApply();
  }

  /** A house without anybody in it yet, for the apps of one namespace. */
  public static House over(ControlPlane controlPlane, String namespace) {
    return over(controlPlane, Optional.of(namespace));
  }

  /** The same for the apps of every namespace. */
  public static House over(ControlPlane controlPlane) {
    return over(controlPlane, Optional.empty());
  }

  private static House over(ControlPlane controlPlane, Optional<String> namespace) {
    try {
      return new House(controlPlane, namespace, Files.createTempDirectory("dunlin-house-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its programs keep their files and logs. */
  public Path folder() {
    return folder;
  }

  public String systemNamespace() {
    return systemNamespace;
  }

  public InMemoryRegistry registry() {
    return registry;
  }

  /** Flags of the JVMs of the programs that follow: unless told they are those that start soon. */
  public House withJvm(String... flags) {
    jvm = List.of(flags);
    return this;
  }

  /** An operator, not started yet. */
  public Program operator(String... flags) {
    return operator(controlPlane.kubeconfig(), flags);
  }

  /** An operator that is to the API server who the kubeconfig says, not started yet. */
  public Program operator(Path kubeconfig, String... flags) {
    String name = "operator-" + (programs.size() + 1);
    int adminPort = Ports.free();
    var watched = namespace.map(each -> "--watch-namespace=" + each).stream();
    var arguments = arguments(adminPort, Stream.concat(watched, aggregation(flags)), flags);
    return added(
        Program.of(
            name,
            jvm,
            OperatorMain.class,
            Set.of(AgentMain.class, House.class),
            arguments,
            environment(kubeconfig),
            "127.0.0.1",
            adminPort,
            folder.resolve(name + ".log")));
  }

  /** Several operators on this machine cannot have the same port: they have none unless told. */
  private static Stream<String> aggregation(String... flags) {
    return Stream.of(flags).anyMatch(flag -> flag.startsWith(AGGREGATED_API_PORT))
        ? Stream.empty()
        : Stream.of(AGGREGATED_API_PORT + "0");
  }

  /** An agent with a loopback address of its own, not started yet. */
  public Program agent(String nodeName, String... flags) {
    return agent(nodeName, controlPlane.kubeconfig(), flags);
  }

  /** An agent whose road to the API server can be cut, not started yet. */
  public Program agent(String nodeName, ApiRoad road, String... flags) {
    return agent(nodeName, road.kubeconfig(), flags);
  }

  /** An agent that is to the API server who the kubeconfig says, not started yet. */
  public Program agent(String nodeName, Path kubeconfig, String... flags) {
    var address = Loopback.next();
    closing.push(address::close);
    int adminPort = Ports.free();
    var arguments =
        arguments(
            adminPort,
            Stream.of(
                "--node-name=" + nodeName,
                "--bind-address=" + address.bind(),
                "--advertise-address=" + address.advertise(),
                "--log-address=" + address.bind(),
                "--log-port=0",
                "--data-dir=" + folder.resolve(nodeName)),
            withMemory(flags));
    return added(
        Program.of(
            "agent-" + nodeName,
            jvm,
            AgentMain.class,
            Set.of(OperatorMain.class, House.class),
            arguments,
            environment(kubeconfig),
            address.bind(),
            adminPort,
            folder.resolve("agent-" + nodeName + ".log")));
  }

  /** Several agents share this machine: each has a part of it unless told. */
  private static String[] withMemory(String... flags) {
    return Stream.of(flags).anyMatch(flag -> flag.startsWith(ALLOCATABLE_MEMORY))
        ? flags
        : Stream.concat(Stream.of(ALLOCATABLE_MEMORY + "2Gi"), Stream.of(flags))
            .toArray(String[]::new);
  }

  /** Starts whoever is not running, all at once, and waits until they are ready. */
  public House startAll() {
    programs.stream().filter(program -> !program.isAlive()).forEach(Program::launch);
    programs.forEach(Program::awaitReady);
    return this;
  }

  /** What kube-proxy is to a client of that app in the house's only namespace. */
  public ServiceProxy proxy(String app) {
    return proxy(namespace.orElseThrow(), app);
  }

  /** What kube-proxy is to a client of that app. */
  public ServiceProxy proxy(String itsNamespace, String app) {
    var proxy = ServiceProxy.of(controlPlane.client(), itsNamespace, app);
    closing.push(proxy::close);
    return proxy;
  }

  private List<String> arguments(int adminPort, Stream<String> own, String... more) {
    var common =
        Stream.of(
            "--namespace=" + systemNamespace,
            "--admin-port=" + adminPort,
            "--plain-http-registry=" + registry.address(),
            "--registry-mirror=" + REGISTRY + "=" + registry.address());
    return Stream.of(common, own, Stream.of(more)).flatMap(part -> part).toList();
  }

  private static Map<String, String> environment(Path kubeconfig) {
    return Map.of("KUBECONFIG", kubeconfig.toString());
  }

  private Program added(Program program) {
    programs.add(program);
    closing.push(program::close);
    return program;
  }

  /**
   * Ends everything it started, newest first, and removes what would be in the next house's way.
   */
  @Override
  public void close() {
    var faults = new IllegalStateException("not everything could be closed");
    while (!closing.isEmpty()) {
      try {
        closing.pop().run();
      } catch (RuntimeException e) {
        faults.addSuppressed(e);
      }
    }
    controlPlane.client().resources(WasmNode.class).delete();
    // With nobody behind it no namespace could be deleted.
    controlPlane
        .client()
        .apiServices()
        .withLabel("app.kubernetes.io/managed-by", "dunlin-operator")
        .delete();
    if (faults.getSuppressed().length > 0) throw faults;
  }
}
