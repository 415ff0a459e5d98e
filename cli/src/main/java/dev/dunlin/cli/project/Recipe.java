package dev.dunlin.cli.project;

import dev.dunlin.cli.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a project of one language becomes a module; told by what lies in its folder. */
enum Recipe {
  /** The project's own script. */
  script("build") {
    @Override
    boolean fits(Path folder) {
      return Files.isExecutable(folder.resolve("build"))
          && !Files.isDirectory(folder.resolve("build"));
    }

    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      tools.run(folder, Map.of(), List.of(folder.resolve("build").toString()));
      return folder.resolve("app.wasm");
    }
  },

  rust("Cargo.toml") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      String cargo = text(folder.resolve("Cargo.toml"));
      String target =
          wishes
              .target()
              .orElse(COMPONENT_CRATE.matcher(cargo).find() ? "wasm32-wasip2" : "wasm32-wasip1");
      tools.require("cargo", "install Rust (rustup.rs), then: rustup target add " + target);
      String library = tools.line(folder, "rustc", "--print", "target-libdir", "--target", target);
      if (library.isEmpty() || !Files.isDirectory(Path.of(library))) {
        throw new Failure(
            "expected Rust's target %s, found none: rustup target add %s"
                .formatted(target, target));
      }
      tools.run(folder, Map.of(), List.of("cargo", "build", "--release", "--target", target));
      Matcher name = Pattern.compile("(?m)^name\\s*=\\s*\"([^\"]+)\"").matcher(cargo);
      String crate = name.find() ? name.group(1) : "app";
      String own = tools.variable("CARGO_TARGET_DIR");
      Path built =
          (own.isEmpty() ? folder.resolve("target") : Path.of(own))
              .resolve(target)
              .resolve("release");
      return Stream.of(crate, crate.replace('-', '_'))
          .map(it -> built.resolve(it + ".wasm"))
          .filter(Files::exists)
          .findFirst()
          .orElse(built.resolve(crate + ".wasm"));
    }
  },

  go("go.mod") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      Path wasm = folder.resolve("app.wasm");
      if (wishes.tinygo()) {
        tools.require("tinygo", "install TinyGo (tinygo.org)");
        tools.run(
            folder,
            Map.of(),
            List.of(
                "tinygo",
                "build",
                "-target=" + wishes.target().orElse("wasip1"),
                "-o",
                wasm.toString(),
                "."));
        return wasm;
      }
      tools.require("go", "install Go 1.21 or newer (go.dev)");
      tools.run(
          folder,
          Map.of("GOOS", wishes.target().orElse("wasip1"), "GOARCH", "wasm"),
          List.of(
              "go",
              "build",
              "-trimpath",
              "-buildvcs=false",
              "-ldflags=-s -w",
              "-o",
              wasm.toString(),
              "."));
      return wasm;
    }
  },

  javascript("app.js") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      return Nodes.component(folder, tools);
    }
  },

  assemblyscript("package.json") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      tools.require("npm", "install Node.js 20 or newer (nodejs.org)");
      if (!Files.isDirectory(folder.resolve("node_modules"))) {
        tools.run(
            folder, Map.of(), List.of("npm", "install", "--silent", "--no-audit", "--no-fund"));
      }
      tools.run(folder, Map.of(), List.of("npm", "run", "--silent", "build"));
      return folder.resolve("app.wasm");
    }
  },

  java("pom.xml") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      tools.require("mvn", "install Apache Maven");
      Path home =
          OlderJdk.find(tools)
              .orElseThrow(() ->
                  new Failure(
                      "expected a JDK 21 or 17 (TeaVM reads no newer classes), found none: set JAVA21_HOME or JAVA17_HOME"));
      tools.run(folder, Map.of("JAVA_HOME", home.toString()), List.of("mvn", "-q", "package"));
      return folder.resolve("target/wasm/app.wasm");
    }
  },

  python("app.py") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      tools.require("componentize-py", "pip install componentize-py");
      if (!Files.isDirectory(folder.resolve("wit"))) {
        throw new Failure(
            "%s: expected the WIT of the app's world in wit/, found none".formatted(folder));
      }
      Path wasm = folder.resolve("app.wasm");
      tools.run(
          folder,
          Map.of(),
          List.of(
              "componentize-py",
              "-d",
              "wit",
              "-w",
              wishes.target().orElse("wasi:http/proxy@0.2.0"),
              "componentize",
              "app",
              "-o",
              wasm.toString()));
      return wasm;
    }
  },

  zig("main.zig") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      Path wasm = folder.resolve("app.wasm");
      tools.run(
          folder,
          Map.of(),
          CCompilers.zig(tools, folder)
              .orElseThrow(() -> CCompilers.none("zig (ziglang.org), or: pip install ziglang"))
              .with(
                  "build-exe",
                  "main.zig",
                  "-target",
                  "wasm32-wasi",
                  "-O",
                  "ReleaseSmall",
                  "-femit-bin=" + wasm));
      return wasm;
    }
  },

  c("main.c") {
    @Override
    Path make(Path folder, Tools tools, Wishes wishes) {
      Path wasm = folder.resolve("app.wasm");
      tools.run(
          folder,
          Map.of(),
          CCompilers.c(tools, folder)
              .with(
                  "-std=gnu17",
                  "-Wall",
                  "-Os",
                  "-s",
                  "-Wl,-z,stack-size=65536",
                  "-o",
                  wasm.toString(),
                  "main.c"));
      return wasm;
    }
  };

  /** Crates that make a component of what depends on them. */
  private static final Pattern COMPONENT_CRATE =
      Pattern.compile("(?m)^(wstd|wasip2|wasip3|wit-bindgen|wasi|spin-sdk)\\s*=");

  /**
   * What a user may say of a build.
   *
   * @param target of Rust and Go; of Python the world
   */
  record Wishes(Optional<String> target, boolean tinygo) {}

  private final String sign;

  Recipe(String sign) {
    this.sign = sign;
  }

  /** The file that tells it. */
  String sign() {
    return sign;
  }

  boolean fits(Path folder) {
    return Files.isRegularFile(folder.resolve(sign));
  }

  /** Builds; the module is where this says. */
  abstract Path make(Path folder, Tools tools, Wishes wishes);

  /** The one for what lies there. */
  static Recipe of(Path folder) {
    return Stream.of(values())
        .filter(recipe -> recipe.fits(folder))
        .findFirst()
        .orElseThrow(() ->
            new Failure(
                "%s: expected one of %s, found none"
                    .formatted(folder, Stream.of(values()).map(Recipe::sign).toList())));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
