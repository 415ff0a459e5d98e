package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Disruption;
import dev.dunlin.api.v1alpha1.RollingUpdate;
import dev.dunlin.api.v1alpha1.Strategy;
import dev.dunlin.api.v1alpha1.StrategyType;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.scale.ZeroWay;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * How many instances an app is to have, and how far a roll-out may be from that.
 *
 * @param surge how many may exist above {@code replicas}
 * @param unavailable how many below {@code replicas} may be unavailable
 * @param recreate whether all old ones end before new ones start
 * @param drained how many drains may take away at once
 * @param hold whether what runs is kept as it is
 * @param known whether instances of what is to run can be made
 * @param faulty whether they cannot, and will not by itself: its image has a fault
 */
record Wanted(
    int replicas,
    int surge,
    int unavailable,
    boolean recreate,
    int drained,
    boolean hold,
    boolean known,
    boolean faulty) {
  private static final IntOrString QUARTER = new IntOrString("25%");

  /** As a Deployment reads it: surge is rounded up, unavailable down, and never both are 0. */
  static Wanted of(WasmAppSpec spec, boolean hold, boolean known, boolean faulty) {
    int replicas = ZeroWay.instances(spec);
    var strategy = spec.strategy() == null ? Strategy.DEFAULT : spec.strategy();
    boolean recreate = strategy.type() == StrategyType.Recreate;
    @Nullable RollingUpdate update = strategy.rollingUpdate();
    @Nullable Disruption disruption = spec.disruption();
    int drained =
        disruption == null || disruption.maxUnavailable() == null
            ? 0
            : count(disruption.maxUnavailable(), replicas, true);
    if (recreate) return new Wanted(replicas, 0, replicas, true, drained, hold, known, faulty);
    int surge = count(update == null ? null : update.maxSurge(), replicas, true);
    int unavailable = count(update == null ? null : update.maxUnavailable(), replicas, false);
    if (surge == 0 && unavailable == 0) unavailable = 1;
    return new Wanted(
        replicas, surge, Math.min(unavailable, replicas), false, drained, hold, known, faulty);
  }

  private static int count(@Nullable IntOrString value, int replicas, boolean up) {
    var given = value == null ? QUARTER : value;
    if (given.getIntVal() != null) return given.getIntVal();
    String text = String.valueOf(given.getStrVal());
    if (!text.endsWith("%")) return Integer.parseInt(text);
    long share = (long) replicas * Integer.parseInt(text.substring(0, text.length() - 1));
    return (int) (up ? (share + 99) / 100 : share / 100);
  }

  /** How many have to be available while others are taken away. */
  int minAvailable() {
    return replicas - unavailable;
  }
}
