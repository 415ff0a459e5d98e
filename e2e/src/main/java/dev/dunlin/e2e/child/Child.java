package dev.dunlin.e2e.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child process whose output goes to a file. It ends with this JVM at the latest, however that
 * ends short of a kill.
 */
public final class Child implements AutoCloseable {
  private static final Queue<Child> ALL = new ConcurrentLinkedQueue<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALL.forEach(Child::kill), "children"));
  }

  private final String name;
  private final Path log;
  private final Process process;

  private Child(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** Starts a program; its output, both streams, is appended to {@code log}. */
  public static Child start(
      String name, List<String> command, Map<String, String> environment, Path log) {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      var child = new Child(name, log, builder.start());
      ALL.add(child);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /** Every child whose log is still there, running or not, oldest first. */
  public static List<Child> all() {
    return ALL.stream().filter(child -> Files.exists(child.log)).toList();
  }

  public String name() {
    return name;
  }

  public Path log() {
    return log;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Exit code once it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Asks it to end (SIGTERM) and waits; kills it where it has not ended by then. */
  public boolean stop(Duration patience) {
    process.destroy();
    boolean ended = await(patience);
    if (!ended) kill();
    return ended;
  }

  /** Ends it at once (SIGKILL). */
  public void kill() {
    process.destroyForcibly();
    await(Duration.ofSeconds(10));
  }

  private boolean await(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The last lines that it wrote. */
  public String tail(int lines) {
    try {
      List<String> all =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "(cannot read " + log + ": " + e + ")";
    }
  }

  @Override
  public void close() {
    stop(Duration.ofSeconds(10));
    ALL.remove(this);
  }

  @Override
  public String toString() {
    return name + " (pid " + pid() + (isAlive() ? "" : ", ended with " + exitCode()) + ")";
  }
}
