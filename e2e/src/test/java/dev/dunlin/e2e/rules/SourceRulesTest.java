package dev.dunlin.e2e.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reader may count on in every source file. */
class SourceRulesTest {
  private static final List<String> MODULES =
      List.of("crds", "https", "oci", "wasm-engine", "node-agent", "operator", "cli", "e2e");

  @Test
  void noMainFileIsLongerThan400Lines() {
    assertThat(mainSources())
        .isNotEmpty()
        .allSatisfy(
            file -> assertThat(lines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(400));
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() {
    var packages = mainSources().stream().map(Path::getParent).collect(Collectors.toSet());

    assertThat(packages)
        .allSatisfy(folder ->
            assertThat(lines(folder.resolve("package-info.java")))
                .as(folder.toString())
                .contains("@NullMarked")
                .anyMatch(line -> line.startsWith("/**")));
  }

  @Test
  void nothingIsLeftToDo() {
    assertThat(mainSources())
        .allSatisfy(file ->
            assertThat(lines(file))
                .as(file.toString())
                .noneMatch(line -> line.matches(".*\\b(TODO|FIXME|XXX)\\b.*")));
  }

  private static List<Path> mainSources() {
    return MODULES.stream()
        .map(module -> Repository.root().resolve(module).resolve("src/main/java"))
        .filter(Files::isDirectory)
        .flatMap(SourceRulesTest::javaFiles)
        .toList();
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
