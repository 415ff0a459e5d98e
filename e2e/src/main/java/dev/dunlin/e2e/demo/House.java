package dev.dunlin.e2e.demo;

import dev.dunlin.oci.testing.InMemoryRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Everything that runs for the demo. Whoever closes it, the end of the program or Ctrl-C, takes all
 * of it down, the last thing first; and only once.
 */
final class House implements AutoCloseable {
  private final Deque<Runnable> endings = new ArrayDeque<>();
  private boolean closed;

  /** Builds it while telling what is built. */
  Story build(Screen screen, Path folder, @Nullable Path kubeconfig, Example example)
      throws IOException {
    screen.step("A Kubernetes API and an image registry");
    DemoApi api = kubeconfig == null ? new InMemoryApi(folder) : new GivenApi(kubeconfig);
    keep(api::close);
    screen.good(api.what());
    InMemoryRegistry registry = InMemoryRegistry.start();
    keep(registry::close);
    for (Example each : Example.all()) registry.pushModule(each.repositoryAndTag(), each.module());
    screen.good(
        "A registry in memory on %s with %d examples; it stands in for %s"
            .formatted(registry.address(), Example.all().size(), example.registry()));
    var agents = new Agents(api, folder, registry.address(), example.registry());
    keep(agents::close);
    var story = new Story(screen, api, agents, example);
    keep(story::close);
    return story;
  }

  private synchronized void keep(Runnable ending) {
    if (closed) {
      ending.run();
      throw new IllegalStateException("the demo is ending");
    }
    endings.push(ending);
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!endings.isEmpty()) endings.pop().run();
  }
}
