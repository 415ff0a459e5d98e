package dev.dunlin.oci;

import dev.dunlin.oci.testing.InMemoryRegistry;
import org.junit.jupiter.api.AfterAll;

/** The registry of our tests keeps the same contract as a real one. */
class InMemoryRegistryTest extends PullContract {
  private static final InMemoryRegistry OPEN = InMemoryRegistry.start();
  private static final InMemoryRegistry GUARDED =
      InMemoryRegistry.start().requireBasic("bob", "secret");

  @AfterAll
  static void stop() {
    OPEN.close();
    GUARDED.close();
  }

  @Override
  String open() {
    return OPEN.address();
  }

  @Override
  String guarded() {
    return GUARDED.address();
  }
}
