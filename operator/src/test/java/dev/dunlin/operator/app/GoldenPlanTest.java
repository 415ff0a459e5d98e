package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each folder of src/test/resources/plan is a case: {@code in-*.yaml} is what a pass reads, {@code
 * out-*.yaml} what it does and says. With {@code -Dgolden.update=true} the out files are written.
 */
class GoldenPlanTest {
  private static final Path CASES = Path.of("src/test/resources/plan");

  @TestFactory
  Stream<DynamicTest> planAndStatusAreAsInTheFolder() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.sorted().toList().stream()
          .map(folder -> dynamicTest(String.valueOf(folder.getFileName()), () -> check(folder)));
    }
  }

  private static void check(Path folder) throws IOException {
    Map<String, String> found = Golden.run(folder);
    if (Boolean.getBoolean("golden.update"))
      for (var file : found.entrySet())
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
    for (var file : found.entrySet())
      assertThat(file.getValue())
          .as(folder.resolve(file.getKey()).toString())
          .isEqualTo(Files.readString(folder.resolve(file.getKey())));
  }
}
