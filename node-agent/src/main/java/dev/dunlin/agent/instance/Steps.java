package dev.dunlin.agent.instance;

import dev.dunlin.agent.code.CompiledModules.Lease;
import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.config.InstanceFiles;
import dev.dunlin.agent.config.Overuse;
import dev.dunlin.agent.probe.ProbeNews;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.agent.traffic.TrapKind;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Usage;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
  private final RevisionTraffic traffic;
  private final Consumer<Signal> signals;
  private final InstanceFiles files;
  private final Launch launch;
  private final AtomicBoolean toldOptimized = new AtomicBoolean(true);
  private final AtomicReference<@Nullable Future<?>> fetching = new AtomicReference<>();
  private final AtomicReference<@Nullable Digest> content = new AtomicReference<>();
  private final AtomicReference<@Nullable Lease> lease = new AtomicReference<>();
  private final AtomicReference<@Nullable GuestConfig> config = new AtomicReference<>();
  private final AtomicReference<@Nullable Run> run = new AtomicReference<>();

  /** The instance's object as it was seen last. */
  private final AtomicReference<WasmInstance> current;

  Steps(
      WasmInstance instance,
      Workload workload,
      Facilities with,
      RevisionTraffic traffic,
      Consumer<Signal> signals) {
    this.instance = instance;
    this.current = new AtomicReference<>(instance);
    this.workload = workload;
    this.with = with;
    this.traffic = traffic;
    this.signals = signals;
    this.files =
        new InstanceFiles(
            instance,
            with.homes().resolve(instance.getMetadata().getUid()),
            with.files(),
            (reason, message) -> with.events().tell(instance, true, reason, message));
    this.launch = new Launch(instance, with);
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
    var image = ImageReference.parse(instance.getSpec().image());
    Supplier<Keychain> keychain = () -> PullSecrets.keychain(instance, with.files().source());
    signals.accept(
        new Signal.Judged(
            with.gate().admit(instance.getMetadata().getNamespace(), image, keychain)));
    Lease taken =
        with.modules().acquire(image, instance.getSpec().imagePullPolicy(), keychain, this::pulled);
    requireFit(taken, taken.module().kind());
    lease.set(taken);
    with.meter().loaded("ok");
    signals.accept(new Signal.Loaded());
    tellOfCode(taken);
  }

  private void pulled(Digest digest) {
    content.set(digest);
    signals.accept(new Signal.Pulled());
  }

  private void requireFit(Lease taken, ModuleKind kind) {
    Optional<String> obstacle = WorkloadFit.obstacle(workload, kind);
    if (obstacle.isPresent()) {
      taken.close();
      throw new WorkloadFit.MismatchException(obstacle.get());
    }
  }

  void configure() {
    var _ =
        attempt(() -> {
          config.set(files.configure());
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

  /** Ends what runs, then signals Halted; nothing where nothing runs. */
  void halt(Fault fault, Duration grace) {
    with.workers()
        .execute(() -> {
          Run running = run.getAndSet(null);
          if (running != null) {
            running.drain(with.timings().drainAtLeast(), grace);
            count(running);
            running.close();
            signals.accept(new Signal.Halted(fault));
          }
        });
  }

  /** Gives back all that it has; safe to call again. */
  void release() {
    files.close();
    Run running = run.getAndSet(null);
    if (running != null) {
      count(running);
      running.close();
    }
    releaseCode();
  }

  /** Gives back its module: nothing of it runs any more. */
  void releaseCode() {
    Lease taken = lease.getAndSet(null);
    if (taken != null) {
      taken.close();
    }
  }

  /** The instance's object has changed. */
  void follow(WasmInstance now) {
    current.set(now);
    files.follow(now);
    weigh();
  }

  /** The first of its volumes that takes more than it may. */
  Optional<Overuse> overuse() {
    try {
      return files.overuse();
    } catch (IOException e) {
      log.warn(
          "what instance {} takes of the disk is not known: {}",
          instance.getMetadata().getName(),
          e.toString());
      return Optional.empty();
    }
  }

  /** Removes what it had on the disk. */
  void deleteHome() {
    try {
      files.delete();
    } catch (IOException e) {
      log.warn(
          "the folder of instance {} stays: {}", instance.getMetadata().getName(), e.toString());
    }
  }

  /** Looks how the module is; the memory in use, where something runs. */
  @Nullable Long sample() {
    tellOfModule();
    return use();
  }

  /** Counts the CPU time since the last look; the memory in use, where something runs. */
  @Nullable Long use() {
    Run running = run.get();
    return running == null ? null : count(running).memoryBytes();
  }

  /** Memory that its guests have now; empty where nothing runs. */
  Optional<Long> memoryBytes() {
    return Optional.ofNullable(run.get()).map(running -> running.usage().memoryBytes());
  }

  private void tellOfCode(Lease taken) {
    taken
        .inMemory()
        .map(Module::optimized)
        .filter(now -> toldOptimized.getAndSet(now) != now)
        .ifPresent(now -> signals.accept(new Signal.Code(now)));
  }

  private Usage count(Run running) {
    Usage usage = running.usage();
    traffic.used(running.tally().count(usage.cpu()));
    traffic.sent(running.tally().count(running.outbound()));
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

  private void serve(Lease module, GuestConfig given, HttpInstance settings)
      throws InterruptedException {
    OptionalInt weight = Weight.of(current.get());
    begun(launch.serve(module, given, settings, weight, traffic, signals));
    weigh(); // it may have changed meanwhile
  }

  /** Gives back what it is time for, where nobody asks it anything. */
  void rest() {
    if (run.get() instanceof Run.Http http) {
      http.guest().review();
    }
  }

  /** Whether nobody asks it anything, and it has given back its guest instances. */
  boolean isAsleep() {
    return run.get() instanceof Run.Http http && http.guest().isAsleep();
  }

  private void weigh() {
    if (run.get() instanceof Run.Http http) {
      http.serving().weigh(Weight.of(current.get()));
    }
  }

  private void run(Lease module, GuestConfig given, Limits limits) throws InterruptedException {
    Run.Command running = launch.start(module.module(), given, limits, this::probed);
    begun(running);
    var _ =
        running
            .execution()
            .ended()
            .thenAcceptAsync(outcome -> ended(running, outcome), with.workers());
  }

  private void begun(Run running) {
    run.set(running);
    signals.accept(new Signal.Started(running.startedAt()));
    running.probing().begin();
  }

  private void probed(ProbeNews news) {
    signals.accept(new Signal.Probed(news));
  }

  private void ended(Run running, Outcome outcome) {
    if (run.compareAndSet(running, null)) {
      count(running);
      TrapKind.of(outcome).ifPresent(traffic::trapped);
      running.close();
      signals.accept(new Signal.Ended(outcome, running.startedAt(), with.clock().instant()));
    }
  }

  /** Ends what runs so that it can be started anew; ends in Ended, if something runs. */
  void kill(Duration grace) {
    with.workers()
        .execute(() -> {
          Run running = run.get();
          if (running != null) {
            running.quiesce(grace);
            ended(running, new Outcome.Cancelled());
          }
        });
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
