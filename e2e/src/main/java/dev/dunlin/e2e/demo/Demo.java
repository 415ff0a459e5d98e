package dev.dunlin.e2e.demo;

import dev.dunlin.agent.http.CarrierThreads;
import dev.dunlin.e2e.cluster.Repository;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo's process: builds the {@link House}, lets the {@link Story} be told, cleans up. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Shows Dunlin at work on this machine.")
public final class Demo implements Callable<Integer> {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Play on this cluster's API server instead of one in memory.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--once",
      description = "End by itself; the exit code says whether all was as shown.")
  private boolean once;

  @Option(
      names = "--example",
      defaultValue = "hello-rust",
      description = "The http example to play with (${DEFAULT-VALUE}).")
  private String example = "";

  public static void main(String[] args) {
    CarrierThreads.prepare();
    System.setProperty("logback.configurationFile", "demo/logback.xml");
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean colour = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    var screen = new Screen(System.out, colour && System.getenv("NO_COLOR") == null);
    Path folder = emptied(Repository.root().resolve("e2e").resolve("target").resolve("demo"));
    try (var house = new House()) {
      Runtime.getRuntime().addShutdownHook(new Thread(house::close, "demo-end"));
      return play(house, screen, folder);
    }
  }

  private int play(House house, Screen screen, Path folder)
      throws IOException, InterruptedException {
    try {
      Story story = house.build(screen, folder, kubeconfig, Example.named(example));
      story.tell();
      if (once) {
        story.end();
      } else {
        story.invite();
        new CountDownLatch(1).await();
      }
    } catch (RuntimeException notSo) {
      // After Ctrl-C nothing is as shown any more, and nobody minds.
      if (!house.isClosed()) screen.failed(String.valueOf(notSo.getMessage()));
      return 1;
    }
    screen.done();
    return 0;
  }

  private static Path emptied(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
      }
    }
    return Files.createDirectories(folder);
  }
}
