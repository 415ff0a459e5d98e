package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.operator.event.Happening;
import dev.dunlin.operator.instance.Instance;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of a pass is worth an Event: instances that come and go, conditions that turn. */
final class Happenings {
  /** What RolledOut says too, unless it ends a fault. */
  private static final Set<String> COURSE =
      Set.of(Reasons.IMAGE_RESOLVED, Reasons.ALL_READY, Reasons.MINIMUM_AVAILABLE);

  static List<Happening> of(WasmAppPlan plan, WasmAppStatus before, WasmAppStatus now) {
    var happenings = new ArrayList<Happening>();
    for (var made : plan.create())
      happenings.add(
          Happening.normal(
              Reasons.SCHEDULED,
              "Placed %s on node %s."
                  .formatted(made.getMetadata().getName(), made.getSpec().nodeName())));
    for (var gone : plan.delete())
      happenings.add(
          Happening.normal(
              Reasons.STOPPING, "Deleted %s on node %s.".formatted(gone.name(), gone.node())));
    for (var lost : plan.forget())
      happenings.add(
          Happening.warning(
              Reasons.NODE_LOST,
              "Removed %s: its node %s is lost.".formatted(lost.name(), lost.node())));
    if (isPromoted(now) && !isPromoted(before))
      happenings.add(
          Happening.normal(
              Reasons.CANARY_PROMOTED,
              "Revision %s has all its steps behind it and is rolled out wholly."
                  .formatted(now.revision())));
    Set<String> said = new HashSet<>(); // Ready and Progressing often turn for the same reason
    for (var condition : now.conditions())
      if (turned(Condition.find(before.conditions(), condition.type()).orElse(null), condition)
          && said.add(condition.reason())) happenings.add(turn(condition));
    return happenings;
  }

  /** Said of the app whose instance makes room. */
  static Happening preempted(Instance victim, WasmAppState by) {
    var meta = by.app().getMetadata();
    return Happening.warning(
        Reasons.PREEMPTED,
        "Preempted %s (priority %d) on node %s by %s/%s (priority %d)."
            .formatted(
                victim.name(),
                victim.priority(),
                victim.node(),
                meta.getNamespace(),
                meta.getName(),
                by.standing().value()));
  }

  /** The app of an instance, as far as Events name it. */
  static WasmApp appOf(Instance instance) {
    var app = new WasmApp();
    app.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(instance.namespace())
            .withName(instance.object().getSpec().appName())
            .withUid(
                instance.object().getMetadata().getOwnerReferences().stream()
                    .map(OwnerReference::getUid)
                    .findFirst()
                    .orElse(null))
            .build());
    return app;
  }

  private static boolean turned(@Nullable Condition before, Condition now) {
    if (COURSE.contains(now.reason()) && (before == null || isOnTheWay(before.reason())))
      return false;
    if (before == null) return Condition.TRUE.equals(now.status()) || !isOnTheWay(now.reason());
    return !before.status().equals(now.status())
        || !before.reason().equals(now.reason())
        || (now.reason().equals(Reasons.CANARY_STEP) && !before.message().equals(now.message()));
  }

  private static boolean isPromoted(WasmAppStatus status) {
    return status.canary() != null && Boolean.TRUE.equals(status.canary().promoted());
  }

  private static Happening turn(Condition now) {
    boolean fault = Condition.FALSE.equals(now.status()) && !isOnTheWay(now.reason());
    boolean failed = now.type().equals(Conditions.FAILED);
    return fault || failed
        ? Happening.warning(now.reason(), now.message())
        : Happening.normal(now.reason(), now.message());
  }

  private static boolean isOnTheWay(String reason) {
    return Set.of(
            Reasons.NOT_ALL_READY,
            Reasons.ROLLING_OUT,
            Reasons.MINIMUM_UNAVAILABLE,
            Reasons.JOB_RUNNING,
            Reasons.JOB_COMPLETE,
            Reasons.JOB_SUSPENDED,
            Reasons.JOB_RESUMED,
            Reasons.IMAGE_RESOLVING)
        .contains(reason);
  }

  private Happenings() {}
}
