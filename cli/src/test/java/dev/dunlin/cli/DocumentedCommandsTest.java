package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.cli.terminal.Exit;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Holds docs/cli.md to what {@code --help} says; -Ddunlin.generate=true writes it there. */
class DocumentedCommandsTest {
  private static final Path PAGE = Path.of("..", "docs", "cli.md");

  /** {@code run}, {@code rollout undo}, ...: every command by its words. */
  static Stream<String> commands() {
    return words("", DunlinMain.commandLine(new Said.Screen("").terminal()));
  }

  private static Stream<String> words(String before, CommandLine command) {
    return command.getSubcommands().entrySet().stream()
        .flatMap(it -> {
          String words = (before + " " + it.getKey()).strip();
          return Stream.concat(Stream.of(words), words(words, it.getValue()));
        });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfEveryCommandIsThere(String words) throws IOException {
    String help = Said.by((words + " --help").split(" ")).out().strip();
    String block = "```\n$ dunlin %s --help\n%s\n```".formatted(words, help);
    String page = Files.readString(PAGE);
    if (Boolean.getBoolean("dunlin.generate")) {
      Matcher old =
          Pattern.compile("```\n\\$ dunlin " + words + " --help\n.*?```", Pattern.DOTALL)
              .matcher(page);
      assertThat(old.find()).as("a block for dunlin %s --help in %s", words, PAGE).isTrue();
      Files.writeString(PAGE, page.substring(0, old.start()) + block + page.substring(old.end()));
      return;
    }

    assertThat(page).contains(block);
  }

  @Test
  void everyExitCodeIsThere() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    for (Field code : Exit.class.getFields()) {
      assertThat(lines)
          .as(code.getName())
          .anyMatch(line -> line.startsWith("| " + value(code) + " |"));
    }
    assertThat(Arrays.stream(Exit.class.getFields())).isNotEmpty();
  }

  private static int value(Field code) {
    try {
      return code.getInt(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
