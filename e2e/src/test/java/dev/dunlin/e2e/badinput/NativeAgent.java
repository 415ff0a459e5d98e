package dev.dunlin.e2e.badinput;

import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.NativeEngine;
import dev.dunlin.e2e.house.Program;
import org.jspecify.annotations.Nullable;

/** An agent with the native engine, for as long as one scenario wants it. */
final class NativeAgent {
  private static @Nullable Program agent;

  private NativeAgent() {}

  /** Skips the scenario where there is no native engine. */
  static void moveIn(House house) {
    NativeEngine.assume();
    agent = house.agent("bad-input-native", "--engine=native");
    house.startAll();
  }

  /** It gives its Lease back, so that nothing is placed on it any more. */
  static void moveOut() {
    Program moving = agent;
    if (moving != null) {
      moving.stop();
    }
  }
}
