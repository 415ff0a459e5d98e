package dev.dunlin.cli;

import dev.dunlin.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** What a command printed, and its exit code. */
record Said(int exitCode, String out, String err) {

  /** For commands that run until they are ended: each has a thread of its own. */
  static final Executor ASIDE = task -> Thread.ofPlatform().daemon().start(task);

  /** Runs a command to its end. */
  static Said by(String... args) {
    return by(new Screen(""), args);
  }

  static Said by(Screen screen, String... args) {
    int code = DunlinMain.commandLine(screen.terminal()).execute(args);
    return new Said(code, screen.out(), screen.err());
  }

  /** A terminal in memory. */
  static final class Screen {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    Screen(String input) {
      terminal =
          Terminal.of(
              new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    Terminal terminal() {
      return terminal;
    }

    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
      return err.toString(StandardCharsets.UTF_8);
    }
  }
}
