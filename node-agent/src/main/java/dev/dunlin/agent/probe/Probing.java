package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.Probe;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the probes of one run when their time comes, until it is closed. At most one of each kind is
 * on its way. Its state is guarded by itself, and news is told with the lock held: once {@link
 * #close} has returned there is no more.
 */
public final class Probing implements AutoCloseable {
  /** For a run without probes. */
  public static final Probing NONE = new Probing();

  private final @Nullable ProbeRounds rounds;
  private final Asking asking;
  private final Consumer<ProbeNews> tell;
  private final Map<ProbeKind, ProbeAttempt> attempts = new EnumMap<>(ProbeKind.class);
  private Prober prober;
  private boolean closed;

  /** Whether a round is to come, and when. */
  private boolean scheduled;

  private long scheduledNanos;

  private Probing() {
    this.rounds = null;
    this.asking = probe -> ProbeResult.GOOD;
    this.tell = news -> {};
    this.prober = Prober.of(Probes.NONE, 0, 0);
    this.closed = true;
  }

  private Probing(Probes probes, Asking asking, ProbeRounds rounds, Consumer<ProbeNews> tell) {
    this.rounds = rounds;
    this.asking = asking;
    this.tell = tell;
    long now = System.nanoTime();
    Probe liveness = probes.byKind().get(ProbeKind.LIVENESS);
    long delay =
        liveness == null
            ? 0
            : rounds.livenessDelayNanos(Duration.ofSeconds(liveness.periodSeconds()), now);
    this.prober = Prober.of(probes, now, delay);
  }

  /**
   * The probes of a run that has just begun; {@link #begin} asks the first.
   *
   * @param tell what is to be done with the news; must not block
   */
  public static Probing of(
      Probes probes, Asking asking, ProbeRounds rounds, Consumer<ProbeNews> tell) {
    return probes.byKind().isEmpty() ? NONE : new Probing(probes, asking, rounds, tell);
  }

  public synchronized void begin() {
    round();
  }

  /** The instance is deleted: only readiness is asked on. */
  public synchronized void terminate() {
    prober = prober.terminate();
  }

  /** Asks nothing any more, and tells nothing. */
  @Override
  public void close() {
    List<ProbeAttempt> underWay;
    synchronized (this) {
      closed = true;
      underWay = List.copyOf(attempts.values());
    }
    underWay.forEach(ProbeAttempt::giveUp);
  }

  /** Called with the lock held. */
  private void round() {
    ProbeRounds with = rounds;
    if (closed || with == null) {
      return;
    }
    Prober.Tick tick = prober.tick(System.nanoTime());
    prober = tick.prober();
    for (ProbeKind kind : tick.ask()) {
      ask(kind, with);
    }
    prober.nextNanos().ifPresent(next -> schedule(next, with));
  }

  private void schedule(long at, ProbeRounds with) {
    if (scheduled && scheduledNanos - at <= 0) {
      return;
    }
    scheduled = true;
    scheduledNanos = at;
    with.at(at, () -> timeHasCome(at));
  }

  private synchronized void timeHasCome(long at) {
    if (scheduled && scheduledNanos == at) { // else an earlier round has taken its place
      scheduled = false;
      round();
    }
  }

  private void ask(ProbeKind kind, ProbeRounds with) {
    Probe spec = Objects.requireNonNull(prober.probes().get(kind)).spec();
    ProbeAttempt before = attempts.get(kind);
    if (before != null && !before.hasReturned()) {
      // Its time was over and it is still at it: a second one would only be stuck beside it.
      with.at(
          System.nanoTime(),
          () -> answered(kind, new ProbeResult.Bad("the probe before has not ended yet")));
      return;
    }
    var attempt = new ProbeAttempt(asking, spec, result -> answered(kind, result));
    attempts.put(kind, attempt);
    with.ask(attempt);
  }

  private synchronized void answered(ProbeKind kind, ProbeResult result) {
    if (closed) {
      return;
    }
    Prober.Step step = prober.after(kind, result, System.nanoTime());
    prober = step.prober();
    step.news().forEach(tell);
    round();
  }
}
