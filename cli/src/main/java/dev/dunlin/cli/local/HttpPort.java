package dev.dunlin.cli.local;

import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.HttpMeter;
import dev.dunlin.agent.http.HttpSettings;
import dev.dunlin.agent.http.LostConnection;
import dev.dunlin.agent.http.PortInUseException;
import dev.dunlin.agent.http.Serving;
import dev.dunlin.agent.instance.Demand;
import dev.dunlin.agent.instance.HttpBounds;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.Module;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An http app's port on this machine, served by the agent's own code. What runs behind it can be
 * replaced while it is open: no request is lost, as in a roll-out.
 */
final class HttpPort implements AutoCloseable {
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);
  private static final HttpMeter UNCOUNTED =
      new HttpMeter() {
        @Override
        public void answered(AppKey app, int status, long nanos) {}

        @Override
        public void clientLeft(AppKey app) {}

        @Override
        public void connectionLost(AppKey app, LostConnection why) {}
      };

  private record Behind(Serving serving, HttpGuest guest, Module module) {
    void end() {
      serving.quiesce(LAST_REQUESTS);
      serving.close();
      guest.close();
      module.close();
    }
  }

  private final HttpApps apps = new HttpApps(HttpSettings.on("127.0.0.1"), UNCOUNTED);
  private final OutputStream log;

  /** What answers now; of the thread that serves. */
  private @Nullable Behind behind;

  private int revision;

  /**
   * Opens nothing yet.
   *
   * @param log where guests' standard error goes
   */
  HttpPort(OutputStream log) {
    this.log = log;
  }

  /** Lets this module answer from now on; the one before ends its requests first. */
  void serve(WasmInstance instance, Module module, GuestConfig given) {
    HttpInstance http = Objects.requireNonNull(instance.getSpec().http());
    Duration timeout = Duration.ofSeconds(http.timeoutSeconds());
    HttpGuest guest =
        module.http(
            given.grants(),
            given.limits().withDeadline(timeout),
            new dev.dunlin.engine.HttpSettings(log, log, http.reuse()));
    @Nullable Behind before = behind;
    revision++;
    var member =
        new HttpApps.Member(
            new AppKey(instance.getMetadata().getNamespace(), instance.getSpec().appName()),
            instance.getMetadata().getName() + "-" + revision,
            "r" + revision,
            Instant.now(),
            before == null ? http.port() : before.serving().port(),
            http.maxConcurrency(),
            timeout,
            OptionalInt.empty(),
            HttpBounds.of(http));
    try {
      behind =
          new Behind(apps.serve(member, guest, log, cap(instance, guest), true), guest, module);
    } catch (PortInUseException e) {
      guest.close();
      throw new Failure(
          Exit.FAILED,
          "127.0.0.1: expected a free port, found: %s (--port 0: any)".formatted(e.getMessage()),
          e);
    }
    if (before != null) {
      before.end();
    }
  }

  private static CpuCap cap(WasmInstance instance, HttpGuest guest) {
    OptionalLong milliCores = Demand.milliCores(instance.getSpec());
    return milliCores.isPresent()
        ? CpuCap.of(milliCores.getAsLong(), () -> guest.usage().cpu(), waited -> {})
        : CpuCap.NONE;
  }

  /** Where it answers. */
  int port() {
    return Objects.requireNonNull(behind, "nothing is served").serving().port();
  }

  @Override
  public void close() {
    if (behind != null) {
      behind.end();
      behind = null;
    }
    apps.close();
  }
}
