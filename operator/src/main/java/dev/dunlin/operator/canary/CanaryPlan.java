package dev.dunlin.operator.canary;

import dev.dunlin.api.v1alpha1.Canary;
import dev.dunlin.api.v1alpha1.CanaryAnalysis;
import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.api.v1alpha1.CanaryStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a canary goes on: pure. All it needs to know of before is in the app's status. */
public final class CanaryPlan {

  /** What is to be. */
  public sealed interface Next {
    CanaryStatus status();

    /**
     * It is tried on.
     *
     * @param lookAgain when time alone may change that; empty while it is paused or not ready
     * @param unjudged whether its time is over, and it is not known yet how it was
     */
    record Try(CanaryStatus status, Optional<Duration> lookAgain, boolean unjudged)
        implements Next {}

    /** It was found bad: the old revision has all requests, until the template changes. */
    record Fail(CanaryStatus status) implements Next {}

    /** It is rolled out wholly. */
    record Promote(CanaryStatus status) implements Next {}

    /** Requests of a hundred that it is to have. */
    default int weight() {
      @Nullable Integer weight = status().weight();
      return weight == null ? 0 : weight;
    }
  }

  /**
   * The next state of a trial.
   *
   * @param said what the app's status says of a canary, of this revision or another
   * @param revision that is tried
   * @param ready whether it is ready wherever it is to answer; while it is not, no step ends
   * @param paused whether the present step is to last
   */
  public static Next next(
      Canary canary,
      @Nullable CanaryStatus said,
      String revision,
      boolean ready,
      boolean paused,
      Findings findings,
      Instant now) {
    @Nullable CanaryStatus before = said != null && said.isOf(revision) ? said : null;
    if (before != null && Boolean.TRUE.equals(before.failed())) return new Next.Fail(before);
    if (before == null || before.step() == null || before.stepTime() == null)
      return ready && !paused
          ? begin(canary, revision, 0, now)
          : new Next.Try(CanaryStatus.starting(revision), Optional.empty(), false);
    Optional<String> fault = fault(canary.analysis(), findings);
    if (fault.isPresent()) return new Next.Fail(before.failed(fault.get()));
    int at = Math.min(before.step(), canary.steps().size() - 1);
    CanaryStep step = canary.steps().get(at);
    Instant began = Instant.parse(before.stepTime());
    // A clock that went back must not make the step as long as that.
    if (now.isBefore(began)) return begin(canary, revision, at, now);
    Duration left = Duration.between(now, began.plusSeconds(step.pauseSeconds()));
    boolean unread = canary.analysis() != null && !findings.areKnown();
    if (paused || !ready || unread || left.isPositive())
      return new Next.Try(
          CanaryStatus.at(revision, at, step.weight(), before.stepTime()),
          paused || !left.isPositive() ? Optional.empty() : Optional.of(left),
          !paused && ready && !left.isPositive());
    return at + 1 < canary.steps().size()
        ? begin(canary, revision, at + 1, now)
        : new Next.Promote(before.promotedWholly());
  }

  private static Next begin(Canary canary, String revision, int at, Instant now) {
    CanaryStep step = canary.steps().get(at);
    return new Next.Try(
        CanaryStatus.at(revision, at, step.weight(), now.toString()),
        Optional.of(Duration.ofSeconds(step.pauseSeconds())),
        false);
  }

  /** Why it is bad, with the figures; empty where it is not, or too little is known. */
  private static Optional<String> fault(@Nullable CanaryAnalysis limits, Findings findings) {
    if (limits == null || findings.requests() < limits.minRequests()) return Optional.empty();
    @Nullable Integer mostErrors = limits.maxErrorPercent();
    double errorPercent = 100.0 * findings.errors() / findings.requests();
    if (mostErrors != null && errorPercent > mostErrors)
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%d of %d answers were errors (%.1f %%, at most %d %% allowed)",
              findings.errors(),
              findings.requests(),
              errorPercent,
              mostErrors));
    @Nullable Integer slowest = limits.maxLatencyP95Milliseconds();
    double p95 = findings.latencyP95Seconds().orElse(0) * 1_000;
    return slowest != null && p95 > slowest
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "95 of 100 answers took up to %.0f ms (at most %d ms allowed), of %d",
                p95,
                slowest,
                findings.requests()))
        : Optional.empty();
  }

  private CanaryPlan() {}
}
