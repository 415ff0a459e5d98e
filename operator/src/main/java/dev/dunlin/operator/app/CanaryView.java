package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.operator.canary.Findings;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.revision.History;
import dev.dunlin.operator.revision.KeptRevision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a pass knows of an app's canary.
 *
 * @param stable what goes on serving while another template is tried; empty where the template is
 *     the one that was rolled out last
 * @param status how far it is
 * @param findings of it since its present step began
 * @param interval how often there are new findings
 */
record CanaryView(
    Optional<Stable> stable, @Nullable CanaryStatus status, Findings findings, Duration interval) {
  static final CanaryView NONE =
      new CanaryView(Optional.empty(), null, Findings.NONE, Duration.ZERO);

  /** A template that was rolled out wholly. */
  record Stable(Target target, Resolution image, Standing standing) {}

  /** What there is of it, with what is known from elsewhere. */
  static CanaryView of(
      Optional<Target> stable,
      History history,
      List<Instance> instances,
      Function<Target, Standing> standing,
      @Nullable CanaryStatus status,
      Findings findings,
      Duration interval) {
    return new CanaryView(
        stable.map(it -> new Stable(it, image(it, history, instances), standing.apply(it))),
        status,
        findings,
        interval);
  }

  private static Resolution image(Target stable, History history, List<Instance> instances) {
    var kept = history.of(stable.template()).flatMap(KeptRevision::image);
    if (kept.isPresent()) return kept.get();
    return instances.stream()
        .filter(i -> i.template().equals(stable.template()))
        .findFirst()
        .<Resolution>map(i -> new Resolution.Resolved(i.image(), Template.features(i.object())))
        .orElseGet(Resolution.Resolving::new);
  }

  /** Whether that revision was begun to be tried, or to be rolled out after it. */
  boolean knows(String revision) {
    return status != null && status.isOf(revision);
  }

  /** Whether that revision has all steps behind it. */
  boolean promotes(String revision) {
    return status != null && status.isOf(revision) && Boolean.TRUE.equals(status.promoted());
  }
}
