package dev.dunlin.cli.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A JDK that TeaVM can read the classes of. */
final class OlderJdk {
  private static final Path USUAL = Path.of("/usr/lib/jvm");

  private OlderJdk() {}

  static Optional<Path> find(Tools tools) {
    for (String version : List.of("21", "17")) {
      var homes = new ArrayList<Path>();
      Stream.of("JAVA" + version + "_HOME", "JAVA_HOME")
          .map(tools::variable)
          .filter(home -> !home.isEmpty())
          .map(Path::of)
          .forEach(homes::add);
      homes.addAll(installed());
      Optional<Path> found = homes.stream().filter(home -> isOf(home, version)).findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static List<Path> installed() {
    if (!Files.isDirectory(USUAL)) {
      return List.of();
    }
    try (Stream<Path> homes = Files.list(USUAL)) {
      return homes.sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isOf(Path home, String version) {
    Path release = home.resolve("release");
    try {
      return Files.isExecutable(home.resolve("bin/javac"))
          && Files.exists(release)
          && Files.readString(release).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      return false;
    }
  }
}
