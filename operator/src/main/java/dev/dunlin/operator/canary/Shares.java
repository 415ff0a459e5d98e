package dev.dunlin.operator.canary;

import dev.dunlin.operator.instance.Instance;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which share of a node's requests the instances there say that their revision has. Pure.
 *
 * <p>Writes come one after the other, and an agent sees them in that order. Between the first and
 * the last the canary's share lies between what it was and what it is to be.
 */
public final class Shares {
  private static final int ALL = 100;

  private final int weight;
  private final String canary;
  private final Collection<Instance> instances;

  /** What answers on each node besides the canary: one revision, but while that is changed too. */
  private final Map<String, String> leaders = new HashMap<>();

  /**
   * The shares during a trial.
   *
   * @param weight requests of a hundred for the canary
   * @param canary the revision that is tried
   * @param stable the revision that has the rest, where it is ready
   * @param instances all of the app that are there to stay
   */
  public Shares(int weight, String canary, String stable, Collection<Instance> instances) {
    this.weight = weight;
    this.canary = canary;
    this.instances = instances;
    instances.stream()
        .filter(i -> i.ready() && !i.revision().equals(canary))
        .sorted(
            Comparator.comparing((Instance i) -> i.revision().equals(stable))
                .thenComparing(Instance::created)
                .thenComparing(Instance::name))
        .forEach(i -> leaders.put(i.node(), i.revision()));
  }

  /** What an instance of that revision on that node is to say. */
  public int of(String revision, String node) {
    if (revision.equals(canary)) return weight;
    @Nullable String leader = leaders.get(node);
    return leader == null || leader.equals(revision) ? ALL - weight : 0;
  }

  /** What is to be changed, in that order. */
  public List<Weighing> changes() {
    boolean less = instances.stream().anyMatch(i -> isCanary(i) && i.weight().orElse(0) > weight);
    return ordered(instances, i -> isCanary(i) == less).stream()
        .filter(i -> i.weight().orElse(-1) != of(i.revision(), i.node()))
        .map(i -> new Weighing(i, OptionalInt.of(of(i.revision(), i.node()))))
        .toList();
  }

  /**
   * Takes all shares off, in that order: from then on the newest revision that is ready has them
   * all.
   *
   * @param last whose shares are taken off after all others'
   */
  public static List<Weighing> off(Collection<Instance> instances, Predicate<Instance> last) {
    return ordered(instances, last.negate()).stream()
        .filter(i -> i.weight().isPresent())
        .map(i -> new Weighing(i, OptionalInt.empty()))
        .toList();
  }

  private boolean isCanary(Instance instance) {
    return instance.revision().equals(canary);
  }

  private static List<Instance> ordered(Collection<Instance> instances, Predicate<Instance> first) {
    return instances.stream()
        .sorted(Comparator.comparing((Instance i) -> !first.test(i)).thenComparing(Instance::name))
        .toList();
  }
}
