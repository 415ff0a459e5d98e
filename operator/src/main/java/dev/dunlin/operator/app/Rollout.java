package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How many instances to add and which to take away, so that in the end {@code replicas} of the
 * current template run, and on the way never fewer than that are ready if so many were.
 *
 * @param create instances of the current template to add
 * @param again lost instances of an older template to replace by their like, because nothing newer
 *     has taken their place yet
 * @param delete instances to take away
 * @param broken old instances that do not get ready: to take away too, should what is to be created
 *     find no room beside them
 */
record Rollout(int create, List<Instance> again, List<Instance> delete, List<Instance> broken) {
  /** Share of {@code replicas} that may exist on top during a rollout; at least one. */
  private static final double MAX_SURGE = 0.25;

  Rollout {
    again = List.copyOf(again);
    delete = List.copyOf(delete);
    broken = List.copyOf(broken);
  }

  /**
   * @param instances all that exist of the app
   * @param current whether an instance is of the template that is to run; false for every one while
   *     the template's image is not known
   * @param lost whether an instance's node is gone
   * @param leaving nodes that are shutting down: what is there is replaced first, then deleted
   * @param known whether instances of the current template can be made
   */
  static Rollout of(
      int replicas,
      List<Instance> instances,
      Predicate<Instance> current,
      Predicate<Instance> lost,
      Set<String> leaving,
      boolean known) {
    var alive = instances.stream().filter(i -> !i.terminating() && !lost.test(i)).toList();
    var fresh = alive.stream().filter(i -> current.test(i) && !leaving.contains(i.node())).toList();
    var stale = alive.stream().filter(i -> !fresh.contains(i)).toList();
    int readyFresh = count(fresh, Instance::ready);
    int readyStale = count(stale, Instance::ready);

    int wantedStale = Math.max(0, replicas - readyFresh);
    var again =
        instances.stream()
            .filter(i -> lost.test(i) && !i.terminating() && !current.test(i))
            .limit(Math.max(0, wantedStale - stale.size()))
            .toList();
    int create = known ? toCreate(replicas, fresh.size(), again.size(), stale, leaving) : 0;

    var delete = new ArrayList<Instance>();
    stale.stream().filter(Instance::finished).forEach(delete::add); // they will never serve again
    int unready = fresh.size() - readyFresh;
    int room = fresh.size() + stale.size() - delete.size() - replicas - Math.min(unready, replicas);
    ranked(stale)
        .filter(i -> !i.ready() && !i.finished())
        .limit(Math.max(0, room))
        .forEach(delete::add);
    int spare = readyFresh + readyStale - replicas;
    ranked(stale).filter(Instance::ready).limit(Math.max(0, spare)).forEach(delete::add);
    ranked(fresh).limit(Math.max(0, fresh.size() - replicas)).forEach(delete::add);
    var broken = stale.stream().filter(i -> Fault.isIn(i) && !delete.contains(i)).toList();
    return new Rollout(create, again, delete, broken);
  }

  private static int toCreate(
      int replicas, int fresh, int again, List<Instance> stale, Set<String> leaving) {
    int missing = replicas - fresh;
    if (missing <= 0) return 0;
    int onLeaving = count(stale, i -> leaving.contains(i.node()));
    boolean rolling = stale.size() + again > onLeaving;
    int surge = rolling ? Math.max(1, (int) Math.ceil(replicas * MAX_SURGE)) : 0;
    int room = replicas + surge + onLeaving - fresh - stale.size() - again;
    return Math.max(0, Math.min(missing, room));
  }

  private static int count(List<Instance> instances, Predicate<Instance> which) {
    return (int) instances.stream().filter(which).count();
  }

  /** The one to give up first: not ready, then where the app has most, then the newest. */
  private static Stream<Instance> ranked(List<Instance> instances) {
    Map<String, Integer> onNode = new HashMap<>();
    Map<String, Integer> rank = new HashMap<>(); // 0 for the oldest on its node, 1 for the next, …
    instances.stream()
        .sorted(
            Comparator.comparing(Instance::ready)
                .reversed()
                .thenComparing(Instance::created)
                .thenComparing(Instance::name))
        .forEach(i -> rank.put(i.name(), onNode.merge(i.node(), 1, Integer::sum)));
    return instances.stream()
        .sorted(
            Comparator.comparing(Instance::ready)
                .thenComparing(i -> rank.getOrDefault(i.name(), 0), Comparator.reverseOrder())
                .thenComparing(Instance::created, Comparator.reverseOrder())
                .thenComparing(Instance::name));
  }
}
