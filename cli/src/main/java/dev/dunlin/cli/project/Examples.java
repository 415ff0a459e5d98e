package dev.dunlin.cli.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The examples' sources, as they are in the jar. */
final class Examples {
  private static final String FOLDER = "/dev/dunlin/cli/examples";

  /** Languages by the example that shows them best. */
  static final Map<String, String> LANGUAGES =
      new TreeMap<>(
          Map.of(
              "rust", "hello-rust",
              "rust-component", "http-rust",
              "c", "hello-c",
              "go", "hello-go",
              "javascript", "http-js",
              "assemblyscript", "hello-assemblyscript",
              "java", "hello-java"));

  private Examples() {}

  /** All that can be begun with: folders that have a wasmapp.yaml. */
  static List<String> names() {
    return in(root -> {
      try (Stream<Path> folders = Files.list(root)) {
        return folders
            .filter(folder -> Files.exists(folder.resolve("wasmapp.yaml")))
            .map(folder -> folder.getFileName().toString().replace("/", ""))
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** The files of one folder, by their path in it; texts all of them. */
  static Map<String, String> files(String name) {
    return in(root -> {
      Path folder = root.resolve(name);
      try (Stream<Path> files = Files.walk(folder)) {
        return files
            .filter(Files::isRegularFile)
            .collect(
                Collectors.toMap(
                    file -> folder.relativize(file).toString(),
                    Examples::text,
                    (one, other) -> one,
                    TreeMap::new));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T in(Function<Path, T> work) {
    try {
      URI uri = Objects.requireNonNull(Examples.class.getResource(FOLDER)).toURI();
      if (uri.getScheme().equals("file")) {
        return work.apply(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return work.apply(jar.getPath(FOLDER));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
