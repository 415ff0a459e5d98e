package dev.dunlin.e2e.demo;

import dev.dunlin.e2e.child.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The operator and two agents, each a process of its own, as they would be on real machines. */
final class Agents implements AutoCloseable {
  /** The last number of each agent's address. */
  static final List<Integer> NUMBERS = List.of(2, 3);

  private final DemoApi api;
  private final Path folder;
  private final List<String> registryFlags;
  private final Map<Integer, Child> agents = new LinkedHashMap<>();
  private final List<Child> running = new ArrayList<>();

  Agents(DemoApi api, Path folder, String registry, String mirrored) {
    this.api = api;
    this.folder = folder;
    this.registryFlags =
        List.of(
            "--plain-http-registry=" + registry, "--registry-mirror=" + mirrored + "=" + registry);
    java(
        "operator",
        "dev.dunlin.operator.OperatorMain",
        List.of(
            "--namespace=" + api.systemNamespace(),
            "--watch-namespace=" + api.appNamespace(),
            "--admin-port=0",
            "--aggregated-api-port=0"));
    NUMBERS.forEach(number -> agents.put(number, start(number)));
  }

  static String node(DemoApi api, int agent) {
    String suffix = agent == NUMBERS.getFirst() ? "a" : "b";
    return api.appNamespace().equals("default")
        ? "shore-" + suffix
        : api.appNamespace() + "-" + suffix;
  }

  /** Where an agent listens. */
  static String bound(int agent) {
    return "127.0.0." + agent;
  }

  private Child start(int number) {
    String node = node(api, number);
    return java(
        node,
        "dev.dunlin.agent.AgentMain",
        List.of(
            "--node-name=" + node,
            "--bind-address=" + bound(number),
            "--advertise-address=" + api.advertised(number),
            "--data-dir=" + folder.resolve(node),
            "--namespace=" + api.systemNamespace(),
            "--allocatable-memory=1Gi",
            "--admin-port=0",
            "--log-port=0"));
  }

  private Child java(String name, String main, List<String> flags) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                main));
    command.addAll(flags);
    command.addAll(registryFlags);
    var environment = Map.of("KUBECONFIG", api.kubeconfig().toString());
    Child child = Child.start(name, command, environment, folder.resolve(name + ".log"));
    running.add(child);
    return child;
  }

  /** Ends an agent as a crash would: its Lease is not released, its connections just break. */
  Child crash(int number) {
    Child agent = Objects.requireNonNull(agents.get(number));
    running.remove(agent);
    agent.kill();
    return agent;
  }

  /** The folder of their logs. */
  Path logs() {
    return folder;
  }

  /**
   * Finds out at once when a program ends that should not.
   *
   * @throws IllegalStateException with the end of its log
   */
  void checkAlive() {
    for (Child child : running) {
      if (child.isAlive()) continue;
      throw new IllegalStateException(
          "expected %s to run; it ended:%n%s".formatted(child, child.tail(25)));
    }
  }

  @Override
  public void close() {
    running.forEach(Child::kill);
  }
}
