package dev.dunlin.e2e.house;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.child.Child;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operator or an agent in a JVM of its own, from this JVM's class path. It can be stopped,
 * killed and started again with the same flags; its log goes on in the same file.
 */
public final class Program implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);

  /** Quick to start: what tests want. */
  static final List<String> JVM =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED");

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final String adminHost;
  private final int adminPort;
  private final Path log;
  private @Nullable Child child;

  private Program(
      String name,
      List<String> command,
      Map<String, String> environment,
      String adminHost,
      int adminPort,
      Path log) {
    this.name = name;
    this.command = command;
    this.environment = environment;
    this.adminHost = adminHost;
    this.adminPort = adminPort;
    this.log = log;
  }

  /**
   * A program that is not started yet.
   *
   * @param jvm flags of its JVM
   * @param without main classes whose jars stay off its class path
   */
  static Program of(
      String name,
      List<String> jvm,
      Class<?> main,
      Set<Class<?>> without,
      List<String> arguments,
      Map<String, String> environment,
      String adminHost,
      int adminPort,
      Path log) {
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath(without), main.getName()));
    command.addAll(arguments);
    return new Program(
        name, List.copyOf(command), Map.copyOf(environment), adminHost, adminPort, log);
  }

  /** Starts it and waits until its /readyz says so. */
  public Program start() {
    launch();
    awaitReady();
    return this;
  }

  /** Starts it and does not wait. */
  public synchronized void launch() {
    if (child != null && child.isAlive()) throw new IllegalStateException(name + " runs already");
    if (child != null) child.close();
    child = Child.start(name, command, environment, log);
  }

  public void awaitReady() {
    Await.until(name + " is ready", START, this::isReady, () -> "\n" + tail());
  }

  private boolean isReady() {
    if (!isAlive()) throw new IllegalStateException(name + " ended:\n" + tail());
    try {
      return admin("/readyz").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** What its admin server answers: /livez, /readyz or /metrics. */
  public HttpAnswer admin(String path) throws IOException {
    return HttpCall.get(path).send(adminHost, adminPort);
  }

  public synchronized boolean isAlive() {
    return child != null && child.isAlive();
  }

  public synchronized long pid() {
    if (child == null) throw new IllegalStateException(name + " has not been started");
    return child.pid();
  }

  /** SIGTERM, and waits; true where it ended by itself. */
  public synchronized boolean stop() {
    return child == null || !child.isAlive() || child.stop(STOP);
  }

  /** SIGKILL: it ends without a last word. */
  public synchronized void kill() {
    if (child != null) child.kill();
  }

  /** SIGSTOP: it is there and does nothing, as on a machine that is out of breath. */
  public void freeze() {
    signal("-STOP");
  }

  /** SIGCONT: it goes on and believes that no time has passed. */
  public void thaw() {
    signal("-CONT");
  }

  private void signal(String which) {
    try {
      var kill = new ProcessBuilder("kill", which, String.valueOf(pid())).inheritIO().start();
      int code = kill.waitFor();
      if (code != 0) throw new IllegalStateException("kill " + which + " ended with " + code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during kill " + which, e);
    }
  }

  public Path log() {
    return log;
  }

  private synchronized String tail() {
    return child == null ? "(not started)" : child.tail(40);
  }

  @Override
  public synchronized void close() {
    if (child != null) child.close();
  }

  /** This JVM's class path without its test classes and other programs, as a distribution is. */
  private static String classPath(Set<Class<?>> without) {
    Set<Path> left = without.stream().map(Program::origin).collect(Collectors.toSet());
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .filter(entry -> !left.contains(entry) && !entry.endsWith("test-classes"))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path origin(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toAbsolutePath()
        .normalize();
  }
}
