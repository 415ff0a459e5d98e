package dev.dunlin.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.OptionSpec;

/** Holds docs/agent.md to what {@code --help} says. */
class DocumentedFlagsTest {
  private static final Path PAGE = Path.of("..", "docs", "agent.md");

  static Stream<OptionSpec> flags() {
    return AgentMain.commandLine().getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp());
  }

  @ParameterizedTest
  @MethodSource("flags")
  void everyFlagIsInTheTableWithItsDefault(OptionSpec flag) throws IOException {
    Optional<String> row =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `" + flag.longestName()))
            .findFirst();

    assertThat(row).as("row of %s in %s", flag.longestName(), PAGE).isPresent();
    if (flag.defaultValue() == null && flag.initialValue() != null && !flag.isMultiValue()) {
      assertThat(row.get()).contains("| " + flag.initialValue() + " |");
    }
  }

  @ParameterizedTest
  @MethodSource("flagsInTheTable")
  void everyFlagInTheTableIsThere(String flag) {
    assertThat(flags().map(OptionSpec::longestName)).contains(flag);
  }

  static Stream<String> flagsInTheTable() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| `--"))
        .map(line -> line.substring(3).replaceFirst("[` ].*", ""));
  }
}
