package dev.dunlin.cli.local;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.cli.app.AppFlags;
import dev.dunlin.cli.app.Manifest;
import dev.dunlin.cli.image.CacheFolder;
import dev.dunlin.cli.image.ModuleFile;
import dev.dunlin.cli.image.Registries;
import dev.dunlin.cli.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run: an app, its module, and the files that came with it.
 *
 * @param named whether a WasmApp said what runs it; else the module's own kind does
 */
record Target(WasmApp app, ModuleFile module, List<Manifest> files, boolean named) {

  /** What a user may say of it on the command line. */
  record Said(
      String target,
      Optional<Path> module,
      List<Path> files,
      @Nullable String app,
      List<String> args) {}

  /**
   * Finds it: a folder with {@code wasmapp.yaml} and {@code app.wasm}, a YAML file, a module, or an
   * image.
   */
  static Target find(
      Said said, AppFlags flags, Registries registries, CacheFolder cache, Terminal terminal) {
    Path path = Path.of(said.target());
    List<Manifest> files = new ArrayList<>(said.files().stream().map(Manifest::read).toList());
    Path yaml = Files.isDirectory(path) ? path.resolve("wasmapp.yaml") : path;
    if (Files.isDirectory(path) || isYaml(said.target())) {
      Manifest manifest = Manifest.read(yaml);
      files.addFirst(manifest);
      WasmApp app = flags.over(manifest.app(said.app()), said.args());
      Path beside = yaml.resolveSibling("app.wasm");
      ModuleFile module =
          said.module().isPresent()
              ? ModuleFile.at(said.module().get())
              : Files.isDirectory(path) && Files.exists(beside)
                  ? ModuleFile.at(beside)
                  : ModuleFile.pulled(app.getSpec().image(), registries, cache, terminal);
      return new Target(app, module, files, true);
    }
    ModuleFile module =
        said.target().endsWith(".wasm") || Files.exists(path)
            ? ModuleFile.at(path)
            : ModuleFile.pulled(said.target(), registries, cache, terminal);
    String name = said.app() == null ? name(said.target()) : said.app();
    return new Target(
        flags.app(name, "local/" + name, said.args()), module, files, flags.kind().isPresent());
  }

  private static boolean isYaml(String target) {
    return target.endsWith(".yaml") || target.endsWith(".yml");
  }

  /** The last word of a path or of an image, as an app could be called. */
  static String name(String target) {
    String last = target.replaceFirst("@.*", "");
    last = last.substring(last.lastIndexOf('/') + 1).replaceFirst("(:[^:]*|\\.wasm)$", "");
    String name =
        last.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return name.isEmpty() ? "app" : name;
  }
}
