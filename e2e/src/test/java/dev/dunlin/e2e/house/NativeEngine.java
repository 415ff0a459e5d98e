package dev.dunlin.e2e.house;

import dev.dunlin.engine.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Whether agents can have the native engine here: it is left out where there is no cargo. */
public final class NativeEngine {
  private static final Optional<String> OBSTACLE = obstacle();

  private NativeEngine() {}

  /** Skips the test that runs where there is no native engine. */
  public static void assume() {
    OBSTACLE.ifPresent(why -> {
      throw new TestAbortedException("no native engine: " + why);
    });
  }

  /** The same where the module is a component. */
  static void assumeFor(Path wasm) throws IOException {
    try (var in = Files.newInputStream(wasm)) {
      // Component Model binary format: layer 1 in the second half of the version.
      if (in.readNBytes(8)[6] == 1) {
        assume();
      }
    }
  }

  private static Optional<String> obstacle() {
    try {
      Path cache = Files.createTempDirectory("dunlin-native-");
      try {
        return obstacle(cache);
      } finally {
        delete(cache);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> obstacle(Path cache) {
    try (var engine = Engines.open(cache, Engines.Choice.NATIVE)) {
      return engine.info().features().contains("component")
          ? Optional.empty()
          : Optional.of("it runs no components");
    } catch (IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
