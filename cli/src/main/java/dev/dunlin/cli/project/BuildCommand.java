package dev.dunlin.cli.project;

import dev.dunlin.cli.image.ModuleFile;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.cli.wasm.Outline;
import dev.dunlin.engine.ModuleRefusedException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dunlin build}. */
@Command(
    name = "build",
    description = {
      "Makes app.wasm of a project, with its language's own toolchain.",
      "The language is told by what lies in the folder: a script named build, Cargo.toml, go.mod, app.js with app.wit, package.json, pom.xml, app.py, main.zig or main.c."
    })
public final class BuildCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "The project (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of(".");

  @Mixin private final Builder builder = new Builder();

  public BuildCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModuleFile made = ModuleFile.at(builder.build(folder, terminal, System.getenv()));
    byte[] wasm = made.bytes();
    try {
      terminal.print(
          "%s: %s, %s"
              .formatted(
                  folder.resolve("app.wasm"),
                  Outline.of(wasm).component() ? "component" : "core module",
                  Terminal.size(wasm.length)));
      return Exit.OK;
    } catch (ModuleRefusedException e) {
      throw new Failure(Exit.FAILED, made.name() + ": " + e.getMessage(), e);
    }
  }
}
