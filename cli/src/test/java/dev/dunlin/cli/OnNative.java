package dev.dunlin.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dunlin.engine.Engines;
import java.nio.file.Path;

/** For what needs the native engine, which is not on every machine. */
final class OnNative {
  private OnNative() {}

  static void required(Path cache) {
    try (var engine = Engines.open(cache, Engines.Choice.AUTO)) {
      assumeTrue(engine.info().name().equals("native"), "no native engine here");
    }
  }
}
