package dev.dunlin.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fails where a committed file is not what the records say; with -Ddunlin.generate=true it writes
 * them.
 */
class GeneratedFilesTest {
  private static final Path REPOSITORY =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

  @TestFactory
  List<DynamicTest> crdFilesAreInStepWithTheRecords() throws IOException {
    Map<Path, String> files = GeneratedFiles.of();
    if (Boolean.getBoolean("dunlin.generate")) {
      for (var file : files.entrySet()) {
        Path path = REPOSITORY.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    }
    return files.entrySet().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getKey().toString(), () -> inStep(file.getKey(), file.getValue())))
        .toList();
  }

  private static void inStep(Path path, String expected) throws IOException {
    Path file = REPOSITORY.resolve(path);
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s is not what the API records say: run `make generate` and commit it", path)
        .isEqualTo(expected);
  }
}
