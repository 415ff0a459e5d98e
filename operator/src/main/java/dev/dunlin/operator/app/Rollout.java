package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How many instances to add and which to take away, so that in the end {@code replicas} of what is
 * to run do, and on the way no more exist and no fewer are available than was asked for; as a
 * Deployment does it. What leaves its node is replaced first and taken away then.
 *
 * @param create instances of what is to run to add
 * @param again instances of an older template to replace by their like, because nothing newer has
 *     taken their place; one may be there more than once
 * @param instead the same, but for as many of what is to be created as find a place
 * @param delete instances to take away
 * @param broken old instances that do not get ready: to take away too, should what is to be created
 *     find no room beside them
 */
record Rollout(
    int create,
    List<Instance> again,
    List<Instance> instead,
    List<Instance> delete,
    List<Instance> broken) {
  Rollout {
    again = List.copyOf(again);
    instead = List.copyOf(instead);
    delete = List.copyOf(delete);
    broken = List.copyOf(broken);
  }

  /**
   * The next step, given all instances that exist.
   *
   * @param former the like of what served before, should none of it be left
   */
  static Rollout of(Wanted wanted, List<Replica> all, Optional<Instance> former) {
    var pool = new Pool(all, former);
    if (wanted.hold()) return hold(wanted, pool);
    if (wanted.recreate()) return recreate(wanted, pool);
    return roll(wanted, pool);
  }

  /** All instances, sorted by what a roll-out may do with them. */
  private record Pool(
      List<Replica> all,
      Optional<Instance> former,
      List<Replica> fresh,
      List<Replica> old,
      List<Replica> leaving) {
    Pool(List<Replica> all, Optional<Instance> former) {
      this(
          all,
          former,
          all.stream().filter(Replica::fresh).toList(),
          all.stream().filter(r -> r.alive() && !r.current() && !r.leaving()).toList(),
          all.stream().filter(r -> r.alive() && r.leaving()).toList());
    }

    int available() {
      return count(fresh, Replica::available) + count(old, Replica::available);
    }

    /** Whether there is, or was until something else took it away, any of another template. */
    boolean isRolling() {
      return !old.isEmpty() || all.stream().anyMatch(Replica::oldAndGoing);
    }

    /** What more old ones are made like: the one to keep longest. */
    Optional<Instance> like() {
      return ranked(old).reduce((one, next) -> next).or(() -> former);
    }

    List<Instance> oldAndGoing() {
      return all.stream().filter(Replica::oldAndGoing).map(Replica::instance).toList();
    }
  }

  private static Rollout roll(Wanted wanted, Pool pool) {
    int room =
        pool.isRolling()
            ? Math.max(0, wanted.replicas() + wanted.surge() - pool.fresh.size() - pool.old.size())
            : Integer.MAX_VALUE;
    var again = again(wanted, pool, room);
    var more = more(wanted, pool, again.size());
    boolean untried = wanted.known() && pool.fresh.isEmpty(); // it may find no place at all
    if (!untried) again.addAll(more);
    int missing = wanted.replicas() - pool.fresh.size();
    int create = wanted.known() ? Math.max(0, Math.min(missing, room - again.size())) : 0;

    var delete = new LinkedHashSet<Instance>();
    addEvicted(delete, wanted, pool);
    if (wanted.known()) addOld(delete, wanted, pool);
    addLeaving(delete, wanted, pool);
    ranked(pool.fresh).limit(Math.max(0, -missing)).forEach(delete::add);
    return new Rollout(
        create, again, untried ? more : List.of(), List.copyOf(delete), broken(pool, delete));
  }

  /**
   * Old instances that are needed again, because their nodes or agents took them away, as long as
   * new ones do not make up for them.
   */
  private static List<Instance> again(Wanted wanted, Pool pool, int room) {
    int freshAvailable = count(pool.fresh, Replica::available);
    var going = pool.oldAndGoing();
    int lacking = wanted.replicas() - freshAvailable - pool.old.size();
    var again = new ArrayList<Instance>();
    going.stream().limit(Math.max(0, Math.min(lacking, room))).forEach(again::add);
    return again;
  }

  /**
   * Further old ones, where too few are available and nothing that starts would help: somebody took
   * old ones away, or there are to be more, and the new ones do not get ready.
   *
   * @param coming old ones that are made again anyway
   */
  private static List<Instance> more(Wanted wanted, Pool pool, int coming) {
    var like = pool.like();
    if (like.isEmpty() || !(wanted.known() || wanted.faulty())) return List.of();
    int least = wanted.known() ? wanted.minAvailable() : wanted.replicas();
    int starting = count(pool.old, r -> !r.available()) + count(pool.fresh, Replica::starting);
    int lacking = least - pool.available() - starting - coming;
    int room = wanted.replicas() + wanted.surge() - pool.fresh.size() - pool.old.size() - coming;
    return Collections.nCopies(Math.max(0, Math.min(lacking, room)), like.get());
  }

  /** What of the old is not needed any more: first what serves nobody. */
  private static void addOld(Set<Instance> delete, Wanted wanted, Pool pool) {
    pool.old.stream()
        .map(Replica::instance)
        .filter(Instance::finished) // they will never serve again
        .forEach(delete::add);
    int total = pool.fresh.size() + pool.old.size() - delete.size();
    int unavailable = count(pool.fresh, r -> !r.available());
    int removable = total - wanted.minAvailable() - Math.min(unavailable, wanted.replicas());
    if (removable <= 0) return;
    ranked(pool.old.stream().filter(r -> !r.available() && !r.instance().finished()).toList())
        .limit(removable)
        .forEach(delete::add);
    int spare = pool.available() - wanted.minAvailable();
    ranked(pool.old.stream().filter(Replica::available).toList())
        .limit(Math.max(0, spare))
        .forEach(delete::add);
  }

  /** What has to leave its node, as far as that takes away no more than drains may. */
  private static void addLeaving(Set<Instance> delete, Wanted wanted, Pool pool) {
    int going = (int) pool.old.stream().filter(r -> delete.contains(r.instance())).count();
    int goingAvailable =
        (int) pool.old.stream().filter(r -> r.available() && delete.contains(r.instance())).count();
    int kept = pool.fresh.size() + pool.old.size() - going;
    boolean enough = kept >= wanted.replicas();
    int least =
        pool.isRolling()
            ? Math.min(wanted.minAvailable(), wanted.replicas() - wanted.drained())
            : wanted.replicas() - wanted.drained();
    int spare = pool.available() + count(pool.leaving, Replica::available) - goingAvailable - least;
    ranked(pool.leaving.stream().filter(r -> !r.available()).toList())
        .filter(i -> enough || i.finished())
        .forEach(delete::add);
    ranked(pool.leaving.stream().filter(Replica::available).toList())
        .limit(Math.max(0, spare))
        .forEach(delete::add);
  }

  /**
   * What its agent gave up. The last of them that is of what is to run tells what is the matter
   * until as many are available as there are to be.
   */
  private static void addEvicted(Set<Instance> delete, Wanted wanted, Pool pool) {
    var evicted =
        pool.all.stream()
            .filter(r -> !r.lost() && !r.instance().terminating() && r.instance().evicted())
            .toList();
    var tells =
        pool.available() < wanted.replicas()
            ? evicted.stream()
                .filter(r -> r.current() && !r.leaving())
                .map(Replica::instance)
                .max(Comparator.comparing(Instance::created).thenComparing(Instance::name))
            : Optional.<Instance>empty();
    evicted.stream()
        .map(Replica::instance)
        .filter(i -> tells.filter(i::equals).isEmpty())
        .forEach(delete::add);
  }

  /** All that is old ends before anything new begins; losses of the same revision do not wait. */
  private static Rollout recreate(Wanted wanted, Pool pool) {
    var delete = new LinkedHashSet<Instance>();
    addEvicted(delete, wanted, pool);
    boolean oldRuns =
        pool.all.stream().anyMatch(r -> !r.current() && !r.lost() && !r.instance().finished());
    if (wanted.known())
      pool.all.stream()
          .filter(r -> r.alive() && !r.current())
          .map(Replica::instance)
          .forEach(delete::add);
    addLeaving(delete, wanted, pool);
    int missing = wanted.replicas() - pool.fresh.size();
    ranked(pool.fresh).limit(Math.max(0, -missing)).forEach(delete::add);
    int create = wanted.known() && !oldRuns ? Math.max(0, missing) : 0;
    int lacking = wanted.known() ? 0 : missing - pool.old.size();
    var again = new ArrayList<Instance>();
    pool.oldAndGoing().stream().limit(Math.max(0, lacking)).forEach(again::add);
    if (!wanted.known()) again.addAll(more(wanted, pool, again.size()));
    return new Rollout(create, again, List.of(), List.copyOf(delete), List.of());
  }

  /** What runs is kept, whatever its template, and replaced by its like when it is lost. */
  private static Rollout hold(Wanted wanted, Pool pool) {
    var staying = Stream.concat(pool.fresh.stream(), pool.old.stream()).toList();
    int missing = wanted.replicas() - staying.size();
    var again = new ArrayList<Instance>();
    pool.oldAndGoing().stream().limit(Math.max(0, missing)).forEach(again::add);
    int create = wanted.known() ? Math.max(0, missing - again.size()) : 0;
    if (!wanted.known() && !pool.old.isEmpty()) {
      var like = ranked(pool.old).reduce((one, next) -> next).orElseThrow();
      while (again.size() < missing) again.add(like);
    }
    var delete = new LinkedHashSet<Instance>();
    addEvicted(delete, wanted, pool);
    addLeaving(delete, wanted, pool);
    Stream.concat(ranked(pool.old), ranked(pool.fresh))
        .sorted(Comparator.comparing(Instance::ready))
        .limit(Math.max(0, -missing))
        .forEach(delete::add);
    return new Rollout(create, again, List.of(), List.copyOf(delete), List.of());
  }

  private static List<Instance> broken(Pool pool, Set<Instance> delete) {
    return Stream.concat(pool.old.stream(), pool.leaving.stream())
        .map(Replica::instance)
        .filter(i -> Fault.isIn(i) && !delete.contains(i))
        .toList();
  }

  private static int count(List<Replica> replicas, Predicate<Replica> which) {
    return (int) replicas.stream().filter(which).count();
  }

  /** The one to give up first: not ready, then where the app has most, then the newest. */
  private static Stream<Instance> ranked(List<Replica> replicas) {
    Map<String, Integer> onNode = new HashMap<>();
    Map<String, Integer> rank = new HashMap<>(); // 0 for the oldest on its node, 1 for the next, …
    replicas.stream()
        .map(Replica::instance)
        .sorted(
            Comparator.comparing(Instance::ready)
                .reversed()
                .thenComparing(Instance::created)
                .thenComparing(Instance::name))
        .forEach(i -> rank.put(i.name(), onNode.merge(i.node(), 1, Integer::sum)));
    return replicas.stream()
        .map(Replica::instance)
        .sorted(
            Comparator.comparing(Instance::ready)
                .thenComparing(i -> rank.getOrDefault(i.name(), 0), Comparator.reverseOrder())
                .thenComparing(Instance::created, Comparator.reverseOrder())
                .thenComparing(Instance::name));
  }
}
