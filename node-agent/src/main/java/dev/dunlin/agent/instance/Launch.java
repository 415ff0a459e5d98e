package dev.dunlin.agent.instance;

import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.cpu.CpuCaps;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.Serving;
import dev.dunlin.agent.log.GuestRun;
import dev.dunlin.agent.log.RunOutput;
import dev.dunlin.agent.probe.Asking;
import dev.dunlin.agent.probe.FileAsking;
import dev.dunlin.agent.probe.HttpAsking;
import dev.dunlin.agent.probe.ProbeNews;
import dev.dunlin.agent.probe.Probes;
import dev.dunlin.agent.probe.Probing;
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
      Module module,
      GuestConfig given,
      HttpInstance settings,
      OptionalInt weight,
      Consumer<ProbeNews> news) {
    RunOutput output = with.log().begin(guestRun());
    try {
      return serve(module, given, settings, weight, output, news);
    } catch (RuntimeException | OutOfMemoryError e) {
      output.close();
      throw e;
    }
  }

  private Run.Http serve(
      Module module,
      GuestConfig given,
      HttpInstance settings,
      OptionalInt weight,
      RunOutput output,
      Consumer<ProbeNews> news) {
    Duration timeout = Duration.ofSeconds(settings.timeoutSeconds());
    HttpGuest guest =
        module.http(
            given.grants(),
            given.limits().withDeadline(timeout),
            new HttpSettings(output.out(), output.err(), settings.reuse()));
    Serving serving;
    try {
      serving = open(guest, settings, timeout, weight, output.err());
    } catch (RuntimeException | OutOfMemoryError e) {
      guest.close();
      throw e;
    }
    var probing =
        probing(
            new HttpAsking(guest, app.name() + "." + app.namespace() + ".svc"),
            told -> {
              switch (told) {
                case ProbeNews.Ready() -> serving.ready(true);
                case ProbeNews.Unready ignored -> serving.ready(false);
                case ProbeNews.Kill ignored -> {}
                case ProbeNews.Unhealthy ignored -> {}
              }
              news.accept(told);
            });
    return new Run.Http(with.clock().instant(), serving, guest, output, new CpuTally(), probing);
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
            weight);
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
        new CpuTally(),
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
