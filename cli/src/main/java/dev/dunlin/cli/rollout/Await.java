package dev.dunlin.cli.rollout;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Terminal;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits for an app to be where its spec wants it, and tells how far it is. */
public final class Await {
  private Await() {}

  /** The exit code that says how it went. */
  public static int settled(Cluster cluster, String name, Duration atMost, Terminal terminal) {
    var last = new AtomicReference<Verdict>(new Verdict.Waiting(""));
    try {
      var _ =
          cluster
              .app(name)
              .waitUntilCondition(
                  app -> isSettled(name, app, last, terminal),
                  atMost.toMillis(),
                  TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      terminal.say(
          "dunlin: expected %s to be done within %d s, found: %s"
              .formatted(name, atMost.toSeconds(), last.get().message()));
      return Exit.TIMEOUT;
    }
    return switch (last.get()) {
      case Verdict.Failed(String message) -> {
        terminal.say("dunlin: " + message);
        yield Exit.FAILED;
      }
      case Verdict.Done(String message) -> {
        terminal.print(message);
        yield Exit.OK;
      }
      case Verdict.Waiting ignored -> Exit.FAILED;
    };
  }

  private static boolean isSettled(
      String name, @Nullable WasmApp app, AtomicReference<Verdict> last, Terminal terminal) {
    Verdict now = app == null ? new Verdict.Failed(name + ": the app is gone") : Verdict.of(app);
    Verdict before = last.getAndSet(now);
    if (now instanceof Verdict.Waiting && !now.equals(before)) {
      terminal.say(now.message());
    }
    return !(now instanceof Verdict.Waiting);
  }
}
