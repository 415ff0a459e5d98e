package dev.dunlin.cli.project;

import dev.dunlin.cli.terminal.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Compilers for WASI, in the order of examples/toolchains/wasi-cc. */
final class CCompilers {
  private CCompilers() {}

  /** A program with its first arguments. */
  record Command(List<String> words) {
    List<String> with(String... arguments) {
      var all = new ArrayList<>(words);
      all.addAll(List.of(arguments));
      return all;
    }
  }

  /** The WASI SDK's clang, or zig's. */
  static Command c(Tools tools, Path folder) {
    String sdk = tools.variable("WASI_SDK_PATH");
    if (!sdk.isEmpty()) {
      return new Command(List.of(sdk + "/bin/clang", "--target=wasm32-wasip1"));
    }
    return zig(tools, folder)
        .map(zig -> new Command(zig.with("cc", "-target", "wasm32-wasi")))
        .orElseThrow(() -> none("the WASI SDK in WASI_SDK_PATH, or zig, or: pip install ziglang"));
  }

  /** zig itself, or as Python's package. */
  static Optional<Command> zig(Tools tools, Path folder) {
    if (tools.has("zig")) {
      return Optional.of(new Command(List.of("zig")));
    }
    return Stream.of("python3", "python")
        .filter(python -> tools.succeeds(folder, python, "-c", "import ziglang"))
        .map(python -> new Command(List.of(python, "-m", "ziglang")))
        .findFirst();
  }

  static Failure none(String which) {
    return new Failure("expected a compiler for WASI, found none: install " + which);
  }
}
