package dev.dunlin.cli.local;

import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Grants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How an app runs on this machine, for every command that runs one. */
final class LocalFlags {
  @Option(
      names = "--dir",
      paramLabel = "HOST:GUEST[:ro]",
      description = "A folder of this machine that the guest sees; repeatable.")
  private List<String> dirs = new ArrayList<>();

  @Option(
      names = {"-p", "--port"},
      description = "Where an http app answers; 0: any free port (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(names = "--engine", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Engines.Choice engine = Engines.Choice.AUTO;

  List<Grants.Directory> directories() {
    return dirs.stream().map(LocalFlags::directory).toList();
  }

  int port() {
    return port;
  }

  Engines.Choice engine() {
    return engine;
  }

  private static Grants.Directory directory(String text) {
    boolean readOnly = text.endsWith(":ro");
    String rest = readOnly ? text.substring(0, text.length() - 3) : text;
    int colon = rest.lastIndexOf(':');
    if (colon < 1 || !rest.substring(colon + 1).startsWith("/")) {
      throw Failure.usage("--dir: expected HOST:/GUEST or HOST:/GUEST:ro, found '" + text + "'");
    }
    Path host = Path.of(rest.substring(0, colon)).toAbsolutePath().normalize();
    if (!Files.isDirectory(host)) {
      throw Failure.usage("--dir: expected a folder, found '" + host + "'");
    }
    return new Grants.Directory(host, rest.substring(colon + 1), readOnly);
  }
}
