package dev.dunlin.agent.instance;

import dev.dunlin.agent.code.CompiledModules.Lease;
import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.config.InstanceHome;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.Serving;
import dev.dunlin.agent.log.GuestStream;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.Usage;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what {@link Lifecycle} asks for, each on a thread of its own, and signals how it went. Holds
 * what an instance has: its module, its configuration, its run.
 */
final class Steps {
  private static final Logger log = LoggerFactory.getLogger(Steps.class);

  private final WasmInstance instance;
  private final Workload workload;
  private final Facilities with;
  private final Consumer<Signal> signals;
  private final InstanceHome home;
  private final Path homePath;
  private final AtomicBoolean toldOptimized = new AtomicBoolean(true);
  private final AtomicReference<@Nullable Future<?>> fetching = new AtomicReference<>();
  private final AtomicReference<@Nullable Digest> content = new AtomicReference<>();
  private final AtomicReference<@Nullable Lease> lease = new AtomicReference<>();
  private final AtomicReference<@Nullable GuestConfig> config = new AtomicReference<>();
  private final AtomicReference<@Nullable Run> run = new AtomicReference<>();

  Steps(WasmInstance instance, Workload workload, Facilities with, Consumer<Signal> signals) {
    this.instance = instance;
    this.workload = workload;
    this.with = with;
    this.signals = signals;
    this.homePath = with.homes().resolve(instance.getMetadata().getUid());
    this.home = new InstanceHome(homePath);
  }

  void fetch() {
    fetching.set(
        attempt(() -> {
          try {
            fetchModule();
          } catch (CancellationException e) {
            throw e;
          } catch (RuntimeException e) {
            with.meter().loaded(Faults.of(e).reason());
            throw e;
          }
        }));
  }

  private void fetchModule() throws InterruptedException {
    Lease taken =
        with.modules()
            .acquire(
                ImageReference.parse(instance.getSpec().image()),
                instance.getSpec().imagePullPolicy(),
                PullSecrets.keychain(instance, with.config()),
                this::pulled);
    requireFit(taken);
    lease.set(taken);
    with.meter().loaded("ok");
    signals.accept(new Signal.Loaded());
    tellOfCode(taken);
  }

  private void pulled(Digest digest) {
    content.set(digest);
    signals.accept(new Signal.Pulled());
  }

  private void requireFit(Lease taken) {
    Optional<String> obstacle = WorkloadFit.obstacle(workload, taken.module().kind());
    if (obstacle.isPresent()) {
      taken.close();
      throw new WorkloadFit.MismatchException(obstacle.get());
    }
  }

  void configure() {
    var _ =
        attempt(() -> {
          config.set(GuestConfig.read(instance, with.config(), homePath));
          signals.accept(new Signal.Configured());
        });
  }

  void start() {
    var _ =
        attempt(() -> {
          Lease module = lease.get();
          GuestConfig given = config.get();
          if (module == null || given == null) {
            return; // stopped meanwhile
          }
          switch (workload) {
            case Workload.Http(HttpInstance settings) -> serve(module, given, settings);
            case Workload.Worker ignored -> run(module, given, given.limits());
            case Workload.Job(var deadline) -> {
              Instant now = with.clock().instant();
              if (deadline.isPresent() && !deadline.get().isAfter(now)) {
                signals.accept(
                    new Signal.Ended(new Outcome.DeadlineExceeded(Duration.ZERO), now, now));
              } else {
                run(
                    module,
                    given,
                    deadline
                        .map(end -> given.limits().withDeadline(Duration.between(now, end)))
                        .orElse(given.limits()));
              }
            }
          }
        });
  }

  /** Ends what runs, then signals Drained. */
  void drain(Duration grace) {
    Future<?> underWay = fetching.getAndSet(null);
    if (underWay != null) {
      underWay.cancel(true);
    }
    with.workers()
        .execute(() -> {
          Run running = run.get();
          try {
            if (running != null) {
              running.drain(with.timings().drainAtLeast(), grace);
            }
            release();
          } finally {
            signals.accept(new Signal.Drained());
          }
        });
  }

  /** Gives back all that it has; safe to call again. */
  void release() {
    Run running = run.getAndSet(null);
    if (running != null) {
      count(running);
      running.close();
    }
    Lease taken = lease.getAndSet(null);
    if (taken != null) {
      taken.close();
    }
  }

  /** Removes what it had on the disk. */
  void deleteHome() {
    try {
      home.delete();
    } catch (IOException e) {
      log.warn(
          "the folder of instance {} stays: {}", instance.getMetadata().getName(), e.toString());
    }
  }

  /** Counts the CPU time since the last look; the memory in use, where something runs. */
  @Nullable Long sample() {
    tellOfModule();
    Run running = run.get();
    return running == null ? null : count(running).memoryBytes();
  }

  private void tellOfCode(Lease taken) {
    boolean now = taken.module().optimized();
    if (toldOptimized.getAndSet(now) != now) {
      signals.accept(new Signal.Code(now));
    }
  }

  private Usage count(Run running) {
    Usage usage = running.usage();
    Duration more = running.cpu().count(usage.cpu());
    if (!more.isZero()) {
      with.meter().used(instance.getMetadata().getNamespace(), instance.getSpec().appName(), more);
    }
    return usage;
  }

  /** How far the module is, while it is compiled and while it is improved upon. */
  private void tellOfModule() {
    Lease taken = lease.get();
    Digest digest = content.get();
    if (taken != null) {
      tellOfCode(taken);
    } else if (digest != null) {
      with.modules()
          .compilation(digest)
          .ifPresent(it -> signals.accept(new Signal.Compiling(it.since(), it.waiting())));
    }
  }

  private void serve(Lease module, GuestConfig given, HttpInstance settings) {
    Duration timeout = Duration.ofSeconds(settings.timeoutSeconds());
    OutputStream out = with.log().open(stream("stdout"));
    OutputStream err = with.log().open(stream("stderr"));
    HttpGuest guest =
        module
            .module()
            .http(
                given.grants(),
                given.limits().withDeadline(timeout),
                new HttpSettings(out, err, settings.reuse()));
    Serving serving;
    try {
      serving =
          with.http()
              .serve(
                  new HttpApps.Member(
                      new AppKey(
                          instance.getMetadata().getNamespace(), instance.getSpec().appName()),
                      instance.getMetadata().getName(),
                      instance.getSpec().revision(),
                      Instant.parse(instance.getMetadata().getCreationTimestamp()),
                      settings.port(),
                      settings.maxConcurrency(),
                      timeout),
                  guest,
                  err);
    } catch (RuntimeException e) {
      guest.close();
      throw e;
    }
    run.set(new Run.Http(serving, guest, out, err, new CpuTally()));
    signals.accept(new Signal.Started(with.clock().instant()));
  }

  private void run(Lease module, GuestConfig given, Limits limits) {
    OutputStream out = with.log().open(stream("stdout"));
    OutputStream err = with.log().open(stream("stderr"));
    Instant startedAt = with.clock().instant();
    Execution execution =
        module
            .module()
            .start(given.grants(), limits, new Stdio(InputStream.nullInputStream(), out, err));
    var running = new Run.Command(execution, out, err, new CpuTally());
    run.set(running);
    signals.accept(new Signal.Started(startedAt));
    var _ =
        execution
            .ended()
            .thenAcceptAsync(
                outcome -> {
                  if (run.compareAndSet(running, null)) {
                    count(running);
                    running.close();
                    signals.accept(new Signal.Ended(outcome, startedAt, with.clock().instant()));
                  }
                },
                with.workers());
  }

  private GuestStream stream(String name) {
    return new GuestStream(
        instance.getMetadata().getNamespace(),
        instance.getSpec().appName(),
        instance.getMetadata().getName(),
        name);
  }

  /** A step that can fail: whatever it throws becomes a fault of the instance. */
  private interface Attempt {
    void run() throws IOException, InterruptedException;
  }

  private Future<?> attempt(Attempt attempt) {
    return with.workers()
        .submit(() -> {
          try {
            attempt.run();
          } catch (InterruptedException | CancellationException e) {
            // Whoever interrupts has stopped the instance, or the agent.
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            failed(new UncheckedIOException("the node's disk: " + e.getMessage(), e));
          } catch (RuntimeException e) {
            failed(e);
          } catch (OutOfMemoryError e) {
            failed(new IllegalStateException("the agent's memory ran out: " + e.getMessage(), e));
          }
        });
  }

  private void failed(RuntimeException e) {
    Fault fault = Faults.of(e);
    if (fault.reason().equals(Reasons.ERROR)) {
      log.warn("instance {} met a fault without a name", instance.getMetadata().getName(), e);
    }
    signals.accept(new Signal.Failed(fault));
  }
}
