package dev.dunlin.e2e.bench.traffic;

import static java.lang.ProcessBuilder.Redirect.DISCARD;

import dev.dunlin.e2e.child.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who waits for a processor, where all share those of one machine. */
final class Priority {
  /** Before all others: whoever has it waits for nobody. */
  static final List<String> FIRST = List.of("chrt", "--fifo", "1");

  private static final Set<String> CONTROL_PLANE = Set.of("etcd", "kube-apiserver");
  private static final int LAST = 19;

  /** Whether this machine lets us have {@link #FIRST}, and take {@link #LAST} back. */
  static boolean isOurs() {
    var command = new ArrayList<>(FIRST);
    command.add("true");
    return succeeds(command);
  }

  /** Until it is closed, etcd and the API server get what all others leave. */
  static Lent controlPlaneLast() throws IOException {
    nice(LAST);
    return () -> nice(0);
  }

  /** What is given back. */
  interface Lent extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  private static void nice(int value) throws IOException {
    var command = new ArrayList<>(List.of("renice", "-n", String.valueOf(value), "-p"));
    for (Child child : Child.all())
      if (child.isAlive() && CONTROL_PLANE.contains(child.name())) command.addAll(threads(child));
    if (!succeeds(command)) throw new IOException(String.join(" ", command) + " failed");
  }

  /** A priority is a thread's, and its children's. */
  private static List<String> threads(Child child) throws IOException {
    try (var tasks = Files.list(Path.of("/proc", String.valueOf(child.pid()), "task"))) {
      return tasks.map(task -> task.getFileName().toString()).toList();
    }
  }

  private static boolean succeeds(List<String> command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(DISCARD);
      return builder.start().waitFor() == 0;
    } catch (IOException e) {
      TrafficBench.say("%s: %s", command.getFirst(), e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Priority() {}
}
