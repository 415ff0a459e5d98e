package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.jvm.memory.MemoryWall;
import dev.dunlin.engine.jvm.wasi.ExitException;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Loads what speaks of a guest's end before the first guest runs. At the end there may be no heap
 * or stack left for it, and a class whose initialisation has failed once is broken for good (JVM
 * specification, 5.5).
 */
final class EndOfGuest {
  private static final List<Class<?>> CLASSES =
      List.of(
          Traps.class,
          JvmExecution.EndedException.class,
          MemoryWall.BrokenException.class,
          MemoryWall.Refusal.class,
          ExitException.class,
          Outcome.TrapKind.class);

  private EndOfGuest() {}

  static void load() {
    CLASSES.forEach(EndOfGuest::initialize);
    for (var outcome : Outcome.class.getPermittedSubclasses()) {
      initialize(outcome);
    }
  }

  private static void initialize(Class<?> type) {
    try {
      MethodHandles.lookup().ensureInitialized(type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("all of these are ours", e);
    }
  }
}
