package dev.dunlin.cli.project;

import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Builds projects; its flags. */
public final class Builder {
  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "Of the toolchain, e.g. wasm32-wasip2 (Rust), wasip1 (Go), a world (Python); else what the project asks for.")
  private @Nullable String target;

  @Option(names = "--tinygo", description = "Go is built with TinyGo.")
  private boolean tinygo;

  /** The project's module, as app.wasm in its folder. */
  public Path build(Path folder, Terminal terminal, Map<String, String> environment) {
    if (!Files.isDirectory(folder)) {
      throw Failure.usage("%s: expected a project's folder, found none".formatted(folder));
    }
    Path home = folder.toAbsolutePath().normalize();
    Path made =
        Recipe.of(home)
            .make(
                home,
                new Tools(terminal, environment),
                new Recipe.Wishes(Optional.ofNullable(target), tinygo));
    if (!Files.exists(made)) {
      throw new Failure("%s: expected what the build made, found none".formatted(made));
    }
    Path module = home.resolve("app.wasm");
    try {
      if (!made.equals(module)) {
        Files.copy(made, module, StandardCopyOption.REPLACE_EXISTING);
      }
      return module;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
