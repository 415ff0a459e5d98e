package dev.dunlin.cli.project;

import dev.dunlin.cli.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Components of JavaScript: app.js, and the world that app.wit says. */
final class Nodes {
  /** QuickJS in a component; jco has the WIT of WASI with it. */
  private static final List<String> PACKAGES =
      List.of("componentize-qjs@0.4.5", "@bytecodealliance/jco@1.35.0");

  private static final Pattern VERSION =
      Pattern.compile("wasi:[^@;\\s]+@([0-9]+\\.[0-9]+\\.[0-9]+)");
  private static final Pattern WORLD = Pattern.compile("(?m)^\\s*world\\s+([-a-z0-9]+)");

  private Nodes() {}

  static Path component(Path folder, Tools tools) {
    tools.require("npm", "install Node.js 20 or newer (nodejs.org)");
    tools.require("node", "install Node.js 20 or newer (nodejs.org)");
    Path wit = folder.resolve("app.wit");
    if (!Files.exists(wit)) {
      throw new Failure("%s: expected the app's world, found none".formatted(wit));
    }
    Path home = folder.resolve(".dunlin/js");
    install(home, tools);
    try {
      String text = Files.readString(wit);
      Path worlds = home.resolve("wit");
      Files.createDirectories(worlds);
      Files.writeString(worlds.resolve("app.wit"), text);
      copyWasi(home, found(VERSION, text, "a package of WASI with its version"), worlds);
      Path wasm = folder.resolve("app.wasm");
      tools.run(
          folder,
          Map.of(),
          List.of(
              "node",
              home.resolve("node_modules/componentize-qjs/cli.mjs").toString(),
              "--opt-size",
              "--wit",
              worlds.toString(),
              "--world",
              found(WORLD, text, "a world"),
              "--js",
              "app.js",
              "--output",
              wasm.toString()));
      return wasm;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void install(Path home, Tools tools) {
    Path complete = home.resolve("complete");
    if (Files.exists(complete)) {
      return;
    }
    try {
      Files.createDirectories(home);
      Files.writeString(home.resolve("package.json"), "{\"private\": true}\n");
      tools.run(
          home,
          Map.of(),
          Stream.concat(
                  Stream.of(
                      "npm", "install", "--silent", "--no-audit", "--no-fund", "--save-exact"),
                  PACKAGES.stream())
              .toList());
      Files.createFile(complete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyWasi(Path home, String version, Path worlds) throws IOException {
    Path from = home.resolve("node_modules/@bytecodealliance/jco/lib/wit/builtin").resolve(version);
    if (!Files.isDirectory(from)) {
      throw new Failure(
          "app.wit: expected a version of WASI that jco 1.35.0 has, found " + version);
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = worlds.resolve("deps").resolve(from.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static String found(Pattern pattern, String text, String what) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new Failure("app.wit: expected %s, found none".formatted(what));
    }
    return matcher.group(1);
  }
}
