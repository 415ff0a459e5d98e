package dev.dunlin.cli.project;

import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Table;
import dev.dunlin.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin init}. */
@Command(
    name = "init",
    description = {
      "Begins an app: writes the sources of an example into a new folder, with its WasmApp.",
      "dunlin dev FOLDER then builds and serves it."
    })
public final class InitCommand implements Callable<Integer> {
  /** What only the examples' own folder has a use for. */
  private static final Set<String> LEFT_OUT = Set.of("build", "checks.json", "README.md");

  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "Where to; its name is the app's.")
  private @Nullable Path folder;

  @Option(
      names = {"-l", "--language", "--from"},
      paramLabel = "NAME",
      description = "A language, or one of the examples (default: ${DEFAULT-VALUE}).")
  private String from = "rust";

  @Option(names = "--list", description = "Lists what can be begun with.")
  private boolean list;

  @Option(
      names = "--registry",
      paramLabel = "PREFIX",
      description = "Where its image is to be (default: ${DEFAULT-VALUE}).")
  private String registry = "registry.example.com/dunlin";

  public InitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (list) {
      var table = new Table("LANGUAGE", "EXAMPLE");
      Examples.LANGUAGES.forEach(table::row);
      Examples.names().stream()
          .filter(name -> !Examples.LANGUAGES.containsValue(name))
          .forEach(name -> table.row("", name));
      table.lines().forEach(terminal::print);
      return Exit.OK;
    }
    if (folder == null) {
      throw Failure.usage("init: expected a FOLDER, or --list");
    }
    write(folder, scaffold(folder.toAbsolutePath().normalize().getFileName().toString()));
    return Exit.OK;
  }

  private Map<String, String> scaffold(String name) {
    if (!name.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw Failure.usage(
          "init: expected a folder that an app can be named for (a-z, 0-9, '-'), found '%s'"
              .formatted(name));
    }
    String example = Examples.LANGUAGES.getOrDefault(from, from);
    if (!Examples.names().contains(example)) {
      throw Failure.usage(
          "--language: expected one of %s or %s, found '%s'"
              .formatted(Examples.LANGUAGES.keySet(), Examples.names(), from));
    }
    var files = new TreeMap<String, String>();
    Examples.files(example)
        .forEach((path, text) -> {
          if (!LEFT_OUT.contains(path)) {
            files.put(path, renamed(text, example, name));
          }
        });
    if (files.getOrDefault("Cargo.toml", "").contains("path = \"cgi\"")) {
      Examples.files("cgi").forEach((path, text) -> files.put("cgi/" + path, text));
    }
    return files;
  }

  private String renamed(String text, String example, String name) {
    return text.replace("registry.example.com/dunlin", registry)
        .replace(example, name)
        .replace("path = \"../cgi\"", "path = \"cgi\"");
  }

  private void write(Path to, Map<String, String> files) {
    try {
      if (Files.exists(to)) {
        try (Stream<Path> there = Files.list(to)) {
          if (there.findAny().isPresent()) {
            throw new Failure(to + ": expected no such folder, or an empty one, found files in it");
          }
        }
      }
      for (var file : files.entrySet()) {
        Path path = to.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
        terminal.print("  " + to.resolve(file.getKey()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    terminal.say("next: dunlin dev " + to);
  }
}
