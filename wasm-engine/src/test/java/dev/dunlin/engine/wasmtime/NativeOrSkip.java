package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Engine;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/** Opens the native engine for a test, which is skipped where there is none. */
final class NativeOrSkip {
  private NativeOrSkip() {}

  static Engine open(Path cacheDir) {
    return open(cacheDir, WasmtimeOptions.defaults());
  }

  static Engine open(Path cacheDir, WasmtimeOptions options) {
    try {
      return WasmtimeEngine.open(cacheDir, options);
    } catch (WasmtimeEngine.UnavailableException e) {
      throw new TestAbortedException("the native engine is not built: " + e.getMessage(), e);
    }
  }
}
