package dev.dunlin.agent.instance;

import dev.dunlin.agent.config.Overuse;
import dev.dunlin.agent.memory.Tenant;
import dev.dunlin.agent.probe.Probes;
import dev.dunlin.agent.traffic.Presence;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one instance: takes signals one after the other, asks {@link Lifecycle} what comes next, and
 * has it done. Its state belongs to the turn that takes the signal.
 */
final class InstanceRunner {
  private static final Logger log = LoggerFactory.getLogger(InstanceRunner.class);

  /** As kubelet gives what it evicts. */
  private static final Duration EVICTION_GRACE = Duration.ofSeconds(1);

  /** A command that ends within it was never ready: nobody is to count on it meanwhile. */
  private static final Duration A_MOMENT = Duration.ofMillis(250);

  /** Steps of a start that take no longer are not worth a write, which the next would wait for. */
  private static final Duration A_BEAT = Duration.ofMillis(100);

  private static final Set<Stage> ON_ITS_WAY =
      Set.of(Stage.FETCHING, Stage.CONFIGURING, Stage.STARTING);

  private final WasmInstance instance;
  private final Facilities with;
  private final Workload workload;
  private final Lifecycle lifecycle;
  private final RevisionTraffic traffic;
  private final Steps steps;
  private final Latest<WasmInstanceStatus> statuses;
  private final Latest<WasmInstance> farewell;
  private final Runnable whenStopped;

  private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicReference<@Nullable Long> memoryBytes = new AtomicReference<>();

  /** Written by the turn alone. */
  private volatile InstanceState state;

  /** Written by the turn alone. */
  private volatile OutputLoss loss = OutputLoss.NONE;

  /** Null where no policy concerns its image; of the turn alone. */
  private @Nullable Verdict verified;

  private WasmInstanceStatus said;
  private boolean beating;
  private boolean takeFinalizerOff;
  private boolean keepHome;
  private Duration grace;

  /**
   * @param traffic of its revision
   * @param writes how many writes to the API server there may be at once, shared by all runners
   * @param whenStopped called once, when nothing of the instance is left here
   */
  InstanceRunner(
      WasmInstance instance,
      Facilities with,
      RevisionTraffic traffic,
      Semaphore writes,
      Runnable whenStopped) {
    this.instance = instance;
    this.with = with;
    this.traffic = traffic;
    this.whenStopped = whenStopped;
    this.workload = Workload.of(instance.getSpec());
    this.lifecycle = new Lifecycle(workload, Probes.of(instance.getSpec()), with.timings());
    this.steps = new Steps(instance, workload, with, traffic, this::signal);
    String name = instance.getMetadata().getNamespace() + "/" + instance.getMetadata().getName();
    this.statuses =
        new Latest<>(
            "the status of " + name,
            status -> with.api().applyStatus(instance, status),
            with.workers(),
            writes);
    this.farewell =
        new Latest<>("the end of " + name, with.api()::removeFinalizer, with.workers(), writes);
    this.state = InstanceState.resumed(workload, instance.getStatus(), with.clock().instant());
    this.said = Objects.requireNonNullElse(instance.getStatus(), WasmInstanceStatus.EMPTY);
    this.verified = Signatures.known(said);
    this.grace = Duration.ofSeconds(instance.getSpec().terminationGracePeriodSeconds());
  }

  WasmInstance instance() {
    return instance;
  }

  InstancePhase phase() {
    return state.phase();
  }

  void begin() {
    signal(new Signal.Begun());
    if (workload instanceof Workload.Job(var deadline) && deadline.isPresent()) {
      Instant end = deadline.get();
      with.timer()
          .after(
              Duration.between(with.clock().instant(), end),
              () -> signal(new Signal.DeadlinePassed(end)));
    }
  }

  /** The instance is deleted: ends it, then lets its object go. */
  void delete() {
    turn(() -> {
      takeFinalizerOff = true;
      take(new Signal.StopRequested("The instance is deleted; requests under way may end."));
    });
  }

  /** The instance is gone from the API server, and {@code atMost} is left of it: ends it. */
  void abandon(Duration atMost) {
    turn(() -> {
      statuses.close();
      grace = grace.compareTo(atMost) < 0 ? grace : atMost;
      take(new Signal.StopRequested("The instance is gone."));
    });
  }

  /** The agent shuts down: ends it, its object stays. */
  void shutDown(Duration atMost) {
    turn(() -> {
      grace = grace.compareTo(atMost) < 0 ? grace : atMost;
      keepHome = true;
      take(new Signal.StopRequested("The agent of its node shuts down."));
    });
  }

  /** It has to give back its memory (or its disk) at once; its object stays, as Failed. */
  void evict(String why) {
    signal(new Signal.Evicted(why, with.clock().instant()));
  }

  /** What it has of the node's memory; empty where nothing runs. */
  Optional<Tenant> tenant() {
    return steps
        .memoryBytes()
        .map(used ->
            new Tenant(
                instance.getMetadata().getUid(),
                instance.getMetadata().getNamespace() + "/" + instance.getMetadata().getName(),
                instance.getSpec().priority(),
                Demand.memoryBytes(instance.getSpec()),
                used));
  }

  /** That it is here, its CPU time counted up to now. */
  Presence presence() {
    Long used = steps.use();
    return new Presence(
        instance.getMetadata().getNamespace(),
        instance.getSpec().appName(),
        instance.getSpec().revision(),
        used == null ? 0 : used);
  }

  /** Looks at what it uses and how its module is, and says what has changed much. */
  void sample() {
    Long now = steps.sample();
    Long before = memoryBytes.get();
    long tolerated = before == null ? 0 : Math.max(1 << 20, before / 10);
    if (now != null && (before == null || Math.abs(now - before) > tolerated)) {
      memoryBytes.set(now);
      turn(this::say);
    }
  }

  /** Gives back what it is time for, where nobody asks it anything. */
  void rest() {
    steps.rest();
  }

  /** Whether nobody asks it anything, and it has given back its guest instances. */
  boolean isAsleep() {
    return steps.isAsleep();
  }

  /** Looks whether its volumes keep to their sizes, and does what follows where one does not. */
  void measure() {
    steps
        .overuse()
        .ifPresent(found ->
            signal(
                switch (found) {
                  case Overuse.Evict(String why) -> new Signal.Evicted(why, with.clock().instant());
                  case Overuse.Halt(String reason, String why) ->
                      new Signal.Halt(new Fault(reason, why, Fault.Retry.RECHECK));
                }));
  }

  /** The policies have changed: what waits for a signature is looked at again. */
  void reconsider() {
    turn(() -> {
      if (state.stage() == Stage.WAITING && Signatures.areWaitedFor(state)) {
        take(new Signal.RetryDue());
      }
    });
  }

  /** Its object has changed. */
  void follow(WasmInstance now) {
    steps.follow(now);
  }

  /** Lines of its output were dropped, in the time of {@code period}. */
  void outputDropped(long lines, Duration period) {
    turn(() -> {
      if (!loss.goesOn()) {
        with.events().tell(instance, true, Reasons.OUTPUT_DROPPED, OutputLoss.ADVICE);
      }
      loss = loss.dropped(lines, period, with.log().limits(), with.clock().instant());
      say();
    });
  }

  /** Looks whether its output has been whole for long enough to say so. */
  void reviewOutput() {
    if (loss.goesOn()) {
      turn(() -> {
        loss = loss.reviewed(with.clock().instant());
        say();
      });
    }
  }

  /** The last status is written; false when it could not be within {@code limit}. */
  boolean awaitStatusWritten(Duration limit) throws InterruptedException {
    return statuses.awaitWritten(limit);
  }

  private void signal(Signal signal) {
    turn(() -> take(signal));
  }

  /** Has a task done after all that were given before it, never two at once. */
  private void turn(Runnable task) {
    mailbox.add(task);
    if (waiting.getAndIncrement() == 0) {
      with.workers().execute(this::takeTurns);
    }
  }

  private void takeTurns() {
    do {
      Runnable task = Objects.requireNonNull(mailbox.poll());
      try {
        task.run();
      } catch (RuntimeException | OutOfMemoryError e) { // the next turn comes in any case
        log.error(
            "instance {} met a fault of the agent's own", instance.getMetadata().getName(), e);
      }
    } while (waiting.decrementAndGet() > 0);
  }

  private void take(Signal signal) {
    InstanceState before = state;
    Lifecycle.Step step = lifecycle.after(state, signal);
    state = step.state();
    log.debug(
        "{}: {} -> {} ({})",
        instance.getMetadata().getName(),
        before.stage(),
        state.stage(),
        signal);
    verified = Signatures.verdict(verified, signal);
    if (signal instanceof Signal.Ended
        || signal instanceof Signal.Halted
        || signal instanceof Signal.Evicted) {
      memoryBytes.set(null);
    }
    if (signal instanceof Signal.Started && isReadyByRunning()) {
      with.timer().after(A_MOMENT, () -> turn(this::say));
    } else if (ON_ITS_WAY.contains(state.stage())) {
      sayInABeat();
    } else if (!state.equals(before) || signal instanceof Signal.Begun) {
      say();
    }
    for (Action action : step.actions()) {
      act(action);
    }
    if (before.stage() != Stage.FINISHED && state.stage() == Stage.FINISHED) {
      steps.releaseCode();
    }
    if (before.stage() == Stage.STOPPED) {
      // What was being fetched or started while it was stopped arrives here.
      steps.release();
      if (!keepHome) {
        steps.deleteHome();
      }
    }
    if (before.stage() == Stage.FINISHED
        && (signal instanceof Signal.Loaded || signal instanceof Signal.Started)) {
      steps.release(); // it was evicted meanwhile
    }
  }

  private boolean isReadyByRunning() {
    return !(workload instanceof Workload.Http) && !Probes.of(instance.getSpec()).decideReadiness();
  }

  private void act(Action action) {
    switch (action) {
      case Action.Fetch() -> steps.fetch();
      case Action.Configure() -> steps.configure();
      case Action.Start() -> steps.start();
      case Action.RetryAfter(Duration delay) ->
          with.timer().after(delay, () -> signal(new Signal.RetryDue()));
      case Action.Drain() -> steps.drain(grace);
      case Action.Evict() -> steps.drain(EVICTION_GRACE);
      case Action.Kill(var own) -> steps.kill(own.orElse(grace));
      case Action.Halt(Fault fault) -> steps.halt(fault, grace);
      case Action.RemoveFiles() -> steps.deleteHome();
      case Action.Release() -> {
        steps.release();
        if (!keepHome) {
          steps.deleteHome();
        }
        if (takeFinalizerOff) {
          statuses.close();
          farewell.put(instance);
        }
        whenStopped.run();
      }
      case Action.CountRestart() -> traffic.restarted();
      case Action.Tell(boolean warning, String reason, String message) ->
          with.events().tell(instance, warning, reason, message);
    }
  }

  /** What it is at, unless it has got further by then. */
  private void sayInABeat() {
    if (!beating) {
      beating = true;
      with.timer()
          .after(
              A_BEAT,
              () ->
                  turn(() -> {
                    beating = false;
                    if (ON_ITS_WAY.contains(state.stage())) {
                      say();
                    }
                  }));
    }
  }

  private void say() {
    WasmInstanceStatus status =
        StatusOf.state(
            state,
            verified,
            loss,
            memoryBytes.get(),
            instance.getMetadata().getGeneration(),
            said,
            with.clock().instant());
    if (!status.equals(said)) {
      said = status;
      statuses.put(status);
    }
  }
}
