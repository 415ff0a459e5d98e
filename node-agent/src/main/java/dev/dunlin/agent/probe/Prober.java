package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What the probes of one run have come to, and which is due: pure, by kubelet's rules
 * (pkg/kubelet/prober/worker.go of Kubernetes 1.36). Times are nanoseconds of any clock that only
 * goes forward.
 *
 * @param started the startup probe has been good, or there is none
 * @param ended a probe has had the run ended: nothing is asked any more
 * @param terminating the instance is deleted: only readiness is asked on
 */
public record Prober(
    Map<ProbeKind, One> probes, boolean started, boolean ended, boolean terminating) {

  /** How a probe stands: what counts changes only after its threshold. */
  enum Standing {
    UNTOLD,
    GOOD,
    BAD
  }

  /**
   * One probe.
   *
   * @param asking it is being asked now
   * @param last what it came to the last time
   * @param inRow how often in a row it came to that
   */
  record One(
      Probe spec, long dueNanos, boolean asking, Standing last, int inRow, Standing standing) {
    One due(long at) {
      return new One(spec, at, asking, last, inRow, standing);
    }

    One asking(boolean now) {
      return new One(spec, dueNanos, now, last, inRow, standing);
    }

    One with(Standing result, int times, Standing counts) {
      return new One(spec, dueNanos, asking, result, times, counts);
    }

    long periodNanos() {
      return TimeUnit.SECONDS.toNanos(spec.periodSeconds());
    }
  }

  /** Where it got to, and what is new. */
  public record Step(Prober prober, List<ProbeNews> news) {}

  /** Where it got to, and what is to be asked now. */
  public record Tick(Prober prober, List<ProbeKind> ask) {}

  public Prober {
    probes = Map.copyOf(probes);
  }

  /**
   * The probes of a run that begins now.
   *
   * @param livenessDelayNanos added to the first liveness probe, so that the probes of all
   *     instances that an agent starts at once do not stay in step
   */
  public static Prober of(Probes probes, long nowNanos, long livenessDelayNanos) {
    Map<ProbeKind, One> ones = new EnumMap<>(ProbeKind.class);
    probes
        .byKind()
        .forEach((kind, spec) -> {
          long first = nowNanos + TimeUnit.SECONDS.toNanos(spec.initialDelaySeconds());
          long due = kind == ProbeKind.LIVENESS ? first + livenessDelayNanos : first;
          ones.put(kind, new One(spec, due, false, Standing.UNTOLD, 0, Standing.UNTOLD));
        });
    return new Prober(ones, !probes.has(ProbeKind.STARTUP), false, false);
  }

  /** Whether it can be given requests, as far as probes say. */
  public boolean ready() {
    One readiness = probes.get(ProbeKind.READINESS);
    return started && (readiness == null || readiness.standing() == Standing.GOOD);
  }

  /** When {@link #tick} has something to do again; empty: not before the next answer. */
  public OptionalLong nextNanos() {
    return probes.entrySet().stream()
        .filter(probe -> mayAsk(probe.getKey()) && !probe.getValue().asking())
        .mapToLong(probe -> probe.getValue().dueNanos())
        .min();
  }

  /** What is due. A probe that is still being asked is not asked a second time. */
  public Tick tick(long nowNanos) {
    List<ProbeKind> ask = new ArrayList<>();
    Map<ProbeKind, One> next = copy();
    next.replaceAll((kind, one) -> {
      if (!mayAsk(kind) || one.asking() || one.dueNanos() > nowNanos) {
        return one;
      }
      ask.add(kind);
      return one.asking(true);
    });
    return new Tick(new Prober(next, started, ended, terminating), ask);
  }

  /** The instance is deleted: it is not killed for its probes any more. */
  public Prober terminate() {
    return new Prober(probes, started, ended, true);
  }

  /** After a probe was asked. */
  public Step after(ProbeKind kind, ProbeResult result, long nowNanos) {
    One before = probes.get(kind);
    if (before == null || !before.asking()) {
      return new Step(this, List.of());
    }
    One asked =
        before.asking(false).due(Math.max(before.dueNanos() + before.periodNanos(), nowNanos));
    return switch (result) {
      case ProbeResult.Unknown ignored -> new Step(with(kind, asked), List.of());
      case ProbeResult.Good() -> answered(kind, asked, true, "", nowNanos);
      case ProbeResult.Bad(String why) -> answered(kind, asked, false, why, nowNanos);
    };
  }

  private Step answered(ProbeKind kind, One one, boolean good, String why, long now) {
    if (!mayAsk(kind)) {
      return new Step(with(kind, one), List.of());
    }
    List<ProbeNews> news = new ArrayList<>();
    if (!good) {
      news.add(new ProbeNews.Unhealthy(kind, why));
    }
    Standing result = good ? Standing.GOOD : Standing.BAD;
    int inRow = one.last() == result ? one.inRow() + 1 : 1;
    boolean counts = inRow >= threshold(kind, one.spec(), good);
    One after = one.with(result, inRow, counts ? result : one.standing());
    Prober next = with(kind, after);
    if (!counts || after.standing() == one.standing()) {
      return new Step(next, news);
    }
    if (good) {
      return next.wentWell(kind, news, now);
    }
    if (kind == ProbeKind.READINESS) {
      news.add(new ProbeNews.Unready(why));
      return new Step(next, news);
    }
    news.add(new ProbeNews.Kill(kind, why, grace(one.spec())));
    return new Step(new Prober(next.probes, started, true, terminating), news);
  }

  private Step wentWell(ProbeKind kind, List<ProbeNews> news, long now) {
    Prober next = kind == ProbeKind.STARTUP ? startedAt(now) : this;
    if (kind != ProbeKind.LIVENESS && next.ready()) {
      news.add(new ProbeNews.Ready());
    }
    return new Step(next, news);
  }

  /** Readiness is asked at once then, liveness at its next time. */
  private Prober startedAt(long now) {
    Map<ProbeKind, One> next = copy();
    next.computeIfPresent(
        ProbeKind.READINESS, (kind, one) -> one.due(Math.max(one.dueNanos(), now)));
    next.computeIfPresent(ProbeKind.LIVENESS, (kind, one) -> one.due(nextTime(one, now)));
    return new Prober(next, true, ended, terminating);
  }

  private static long nextTime(One one, long now) {
    long late = now - one.dueNanos();
    long period = one.periodNanos();
    return late <= 0 ? one.dueNanos() : one.dueNanos() + (late + period - 1) / period * period;
  }

  private boolean mayAsk(ProbeKind kind) {
    return !ended
        && switch (kind) {
          case STARTUP -> !started && !terminating;
          case READINESS -> started;
          case LIVENESS -> started && !terminating;
        };
  }

  /** A startup or liveness probe that is good once is good: as the API server wants it of Pods. */
  private static int threshold(ProbeKind kind, Probe spec, boolean good) {
    if (!good) {
      return spec.failureThreshold();
    }
    return kind == ProbeKind.READINESS ? spec.successThreshold() : 1;
  }

  private static Optional<Duration> grace(Probe spec) {
    return Optional.ofNullable(spec.terminationGracePeriodSeconds()).map(Duration::ofSeconds);
  }

  private Map<ProbeKind, One> copy() {
    Map<ProbeKind, One> copy = new EnumMap<>(ProbeKind.class);
    copy.putAll(probes);
    return copy;
  }

  private Prober with(ProbeKind kind, One one) {
    Map<ProbeKind, One> next = copy();
    next.put(kind, one);
    return new Prober(next, started, ended, terminating);
  }
}
