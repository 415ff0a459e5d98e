package dev.dunlin.cli.project;

import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs of this machine. */
final class Tools {
  private final Terminal terminal;
  private final Map<String, String> environment;

  /**
   * Finds programs by that environment's PATH.
   *
   * @param environment of this process
   */
  Tools(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = Map.copyOf(environment);
  }

  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  boolean has(String program) {
    return path(program).isPresent();
  }

  private Optional<Path> path(String program) {
    return List.of(environment.getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1))
        .stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * That a program is there.
   *
   * @param why what asks for it, and how one gets it
   */
  void require(String program, String why) {
    if (!has(program)) {
      throw new Failure("expected %s on the PATH, found none: %s".formatted(program, why));
    }
  }

  /** Whether a program ends well, whatever it says. */
  boolean succeeds(Path folder, String... command) {
    try {
      return started(folder, List.of(command), Map.of(), ProcessBuilder.Redirect.DISCARD).waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The first line that a program prints. */
  String line(Path folder, String... command) {
    try {
      Process process = started(folder, List.of(command), Map.of(), ProcessBuilder.Redirect.PIPE);
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? said.lines().findFirst().orElse("") : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Runs a step of a build, and shows what it says; a step that fails ends the build. */
  void run(Path folder, Map<String, String> more, List<String> command) {
    try {
      Process process = started(folder, command, more, ProcessBuilder.Redirect.PIPE);
      try (var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          terminal.say(line);
        }
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new Failure("%s: ended with %d".formatted(String.join(" ", command), code));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.FAILED, command.getFirst() + ": interrupted", e);
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "%s: %s".formatted(command.getFirst(), e.getMessage()), e);
    }
  }

  private Process started(
      Path folder, List<String> command, Map<String, String> more, ProcessBuilder.Redirect output)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(more);
    return builder.start();
  }
}
