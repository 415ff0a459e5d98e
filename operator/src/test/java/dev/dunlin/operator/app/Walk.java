package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** An app's instances, walked through a roll-out one decision after the other. */
final class Walk {
  static final String OLD = "old";
  static final String NEW = "new";

  Wanted wanted;
  boolean full; // no node has room for a new one
  private final List<Replica> replicas = new ArrayList<>();
  private Optional<Instance> former = Optional.empty();
  private int made;

  Walk(Wanted wanted) {
    this.wanted = wanted;
  }

  static Wanted wanted(int replicas, int surge, int unavailable) {
    return new Wanted(replicas, surge, unavailable, false, 0, false, true, false);
  }

  static Wanted recreate(int replicas) {
    return new Wanted(replicas, 0, replicas, true, 0, false, true, false);
  }

  static Wanted held(int replicas, boolean known) {
    return new Wanted(replicas, 1, 0, false, 0, true, known, false);
  }

  Walk with(String revision, int count, boolean available) {
    for (int i = 0; i < count; i++) replicas.add(replica(revision, available));
    return this;
  }

  /** The old revision served before. */
  Walk after() {
    former = Optional.of(Instance.of(AnInstance.of("former", OLD, "", "Pending", false)));
    return this;
  }

  private Replica replica(String revision, boolean available) {
    int number = made++;
    var object = AnInstance.of("app-" + number, revision, "n" + number % 5, "Running", available);
    return new Replica(Instance.of(object), revision.equals(NEW), false, false, available);
  }

  /** Lets the first {@code count} of a revision that match become something else. */
  Walk turn(String revision, int count, Predicate<Replica> which, UnaryOperator<Replica> into) {
    int left = count;
    for (int i = 0; i < replicas.size() && left > 0; i++) {
      var replica = replicas.get(i);
      if (!replica.instance().revision().equals(revision) || !which.test(replica)) continue;
      replicas.set(i, into.apply(replica));
      left--;
    }
    return this;
  }

  /** So many new ones become available. */
  Walk ready(int count) {
    return turn(NEW, count, r -> !r.available(), Walk::becomesAvailable);
  }

  static Replica becomesAvailable(Replica r) {
    var i = r.instance().object();
    return new Replica(
        Instance.of(
            AnInstance.of(
                i.getMetadata().getName(),
                i.getSpec().revision(),
                i.getSpec().nodeName(),
                "Running",
                true)),
        r.current(),
        r.lost(),
        r.leaving(),
        true);
  }

  static Replica lost(Replica r) {
    return new Replica(r.instance(), r.current(), true, r.leaving(), false);
  }

  static Replica leaving(Replica r) {
    return new Replica(r.instance(), r.current(), r.lost(), true, r.available());
  }

  /** Its agent says that it does not get ready by itself. */
  static Replica broken(Replica r) {
    var object = r.instance().object();
    object.setStatus(
        new WasmInstanceStatus(
            null,
            InstancePhase.Pending,
            false,
            0,
            null,
            null,
            null,
            List.of(
                new Condition("Ready", Condition.FALSE, Reasons.TRAP, "It trapped.", null, null))));
    return new Replica(Instance.of(object), r.current(), r.lost(), r.leaving(), false);
  }

  /** Its agent has given it up. */
  static Replica evicted(Replica r) {
    var object = r.instance().object();
    var last = new Termination(Reasons.EVICTED, null, "Its emptyDir is full.", null, null);
    object.setStatus(
        new WasmInstanceStatus(null, InstancePhase.Failed, false, 0, null, null, last, List.of()));
    return new Replica(Instance.of(object), r.current(), r.lost(), r.leaving(), false);
  }

  static Replica terminating(Replica r) {
    return new Replica(
        new Instance(r.instance().object(), true), r.current(), r.lost(), r.leaving(), false);
  }

  Rollout next() {
    return Rollout.of(wanted, replicas, former);
  }

  /** Does what the next decision says, at once and wholly; lost ones go. */
  Rollout step() {
    var rollout = next();
    replicas.removeIf(r -> r.lost() || rollout.delete().contains(r.instance()));
    for (var old : rollout.again()) with(old.revision(), 1, false);
    int placed = full ? 0 : rollout.create();
    with(NEW, placed, false);
    rollout.instead().stream().skip(placed).forEach(old -> with(old.revision(), 1, false));
    return rollout;
  }

  /** Steps until nothing is to be done any more. */
  Walk settle() {
    for (int i = 0; i < 1000; i++) {
      var rollout = step();
      boolean creates = !full && rollout.create() > 0;
      boolean old = !rollout.again().isEmpty() || (full && !rollout.instead().isEmpty());
      if (!creates && !old && rollout.delete().isEmpty()) return this;
    }
    throw new AssertionError("No end after 1000 steps: " + this);
  }

  long count(String revision) {
    return replicas.stream().filter(r -> r.instance().revision().equals(revision)).count();
  }

  long available(String revision) {
    return replicas.stream()
        .filter(r -> r.available() && r.instance().revision().equals(revision))
        .count();
  }

  long available() {
    return available(OLD) + available(NEW);
  }

  int size() {
    return replicas.size();
  }

  /** As a table of a book has it: old available/old, new available/new. */
  @Override
  public String toString() {
    return "old %d/%d, new %d/%d".formatted(available(OLD), count(OLD), available(NEW), count(NEW));
  }
}
