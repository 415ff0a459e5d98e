package dev.dunlin.agent.instance;

import dev.dunlin.agent.code.CompiledModules.Lease;
import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.cpu.CpuCaps;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.Serving;
import dev.dunlin.agent.idle.SleepyGuest;
import dev.dunlin.agent.log.GuestRun;
import dev.dunlin.agent.log.RunOutput;
import dev.dunlin.agent.probe.Asking;
import dev.dunlin.agent.probe.FileAsking;
import dev.dunlin.agent.probe.HttpAsking;
import dev.dunlin.agent.probe.ProbeNews;
import dev.dunlin.agent.probe.ProbeResult;
import dev.dunlin.agent.probe.Probes;
import dev.dunlin.agent.probe.Probing;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Stdio;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Begins what an instance is there for, within its limits and with its probes. */
final class Launch {
  private final WasmInstance instance;
  private final Facilities with;
  private final Probes probes;
  private final OptionalLong milliCores;
  private final AppKey app;

  Launch(WasmInstance instance, Facilities with) {
    this.instance = instance;
    this.with = with;
    this.probes = Probes.of(instance.getSpec());
    this.milliCores = Demand.milliCores(instance.getSpec());
    this.app = new AppKey(instance.getMetadata().getNamespace(), instance.getSpec().appName());
  }

  /** Puts a guest behind its app's port. Its probes begin with {@link Probing#begin}. */
  Run.Http serve(
      Lease code,
      GuestConfig given,
      HttpInstance settings,
      OptionalInt weight,
      RevisionTraffic traffic,
      Consumer<Signal> signals)
      throws InterruptedException {
    RunOutput output = with.log().begin(guestRun());
    boolean served = false;
    try {
      Run.Http http = serve(code, given, settings, weight, output, traffic, signals);
      served = true;
      return http;
    } finally {
      if (!served) {
        output.close();
      }
    }
  }

  private Run.Http serve(
      Lease code,
      GuestConfig given,
      HttpInstance settings,
      OptionalInt weight,
      RunOutput output,
      RevisionTraffic traffic,
      Consumer<Signal> signals)
      throws InterruptedException {
    Duration timeout = Duration.ofSeconds(settings.timeoutSeconds());
    var bed =
        new HttpBed(
            code,
            given,
            timeout,
            new HttpSettings(output.out(), output.err(), settings.reuse()),
            new SleepReport(traffic, signals));
    var guest =
        new SleepyGuest(
            bed.guest(),
            with.idle().with(settings.idleAfterSeconds()),
            bed,
            !probes.decideReadiness(),
            with.workers(),
            System::nanoTime);
    Serving serving;
    try {
      serving = open(guest, settings, timeout, weight, output.err());
    } catch (RuntimeException | OutOfMemoryError e) {
      guest.close();
      throw e;
    }
    var probing =
        probing(
            asking(guest),
            told -> {
              probed(told, serving, guest);
              signals.accept(new Signal.Probed(told));
            });
    return new Run.Http(with.clock().instant(), serving, guest, output, new Tally(), probing);
  }

  /** Who sleeps is not woken to be asked how it is. */
  private Asking asking(SleepyGuest guest) {
    var awake = new HttpAsking(guest.forProbes(), app.name() + "." + app.namespace() + ".svc");
    return probe -> guest.isAsleep() ? new ProbeResult.Unknown("it is idle") : awake.ask(probe);
  }

  private static void probed(ProbeNews told, Serving serving, SleepyGuest guest) {
    switch (told) {
      case ProbeNews.Ready() -> {
        serving.ready(true);
        guest.mayRest(true);
      }
      case ProbeNews.Unready ignored -> {
        serving.ready(false);
        guest.mayRest(false);
      }
      case ProbeNews.Kill ignored -> {}
      case ProbeNews.Unhealthy ignored -> {}
    }
  }

  private Serving open(
      HttpGuest guest,
      HttpInstance settings,
      Duration timeout,
      OptionalInt weight,
      OutputStream err) {
    var member =
        new HttpApps.Member(
            app,
            instance.getMetadata().getName(),
            instance.getSpec().revision(),
            Instant.parse(instance.getMetadata().getCreationTimestamp()),
            settings.port(),
            settings.maxConcurrency(),
            timeout,
            weight,
            HttpBounds.of(settings));
    CpuCap cap =
        milliCores.isPresent()
            ? CpuCap.of(milliCores.getAsLong(), () -> guest.usage().cpu(), this::throttled)
            : CpuCap.NONE;
    return with.http().serve(member, guest, err, cap, !probes.decideReadiness());
  }

  /** Starts a command. Its probes begin with {@link Probing#begin}. */
  Run.Command start(Module module, GuestConfig given, Limits limits, Consumer<ProbeNews> news) {
    RunOutput output = with.log().begin(guestRun());
    Instant startedAt = with.clock().instant();
    Execution execution;
    try {
      execution =
          module.start(
              given.grants(),
              limits,
              new Stdio(InputStream.nullInputStream(), output.out(), output.err()));
    } catch (RuntimeException | OutOfMemoryError e) {
      output.close();
      throw e;
    }
    CpuCaps.Hold hold =
        milliCores.isPresent()
            ? with.cpu().hold(milliCores.getAsLong(), execution, this::throttled)
            : CpuCaps.Hold.NONE;
    return new Run.Command(
        startedAt,
        execution,
        output,
        new Tally(),
        hold,
        probing(new FileAsking(given.grants().directories()), news));
  }

  private Probing probing(Asking asking, Consumer<ProbeNews> news) {
    return Probing.of(probes, asking, with.probes(), news);
  }

  private void throttled(Duration time) {
    with.meter().throttled(app.namespace(), app.name(), time);
  }

  private GuestRun guestRun() {
    var metadata = instance.getMetadata();
    return new GuestRun(app.namespace(), app.name(), metadata.getName(), metadata.getUid());
  }
}
