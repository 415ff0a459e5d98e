package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Demand;
import dev.dunlin.operator.placement.NodeChoice;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.placement.Placement;
import dev.dunlin.operator.placement.Room;
import dev.dunlin.operator.quota.Held;
import dev.dunlin.operator.volume.Claims;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places that one plan hands out, so that it gives none away twice. Used by one plan only. */
final class Seats {
  /** What a module is taken to need of which nobody told: what most modules do. */
  private static final Set<String> USUAL_FEATURES = Set.of("wasi:p1");

  /** In one pass; the next one goes on. */
  private static final int MOST_PREEMPTIONS = 100;

  private final WasmAppState state;
  private final Map<String, Integer> ofApp = new HashMap<>();
  private final Map<String, Room> used = new HashMap<>(); // where it differs from the state's
  private final List<Instance> victims = new ArrayList<>();
  private final Budgets budgets;
  private Seating seating = Seating.NONE;
  private Room taken = Room.NONE;

  Seats(WasmAppState state) {
    this.state = state;
    budgets = new Budgets(state.standing().spare());
    for (var instance : state.alive())
      if (!instance.finished() || isToBeReplaced(instance))
        ofApp.merge(instance.node(), 1, Integer::sum);
    for (var instance : state.instances())
      if (state.isLost(instance) && !instance.finished())
        taken = taken.minus(Room.requested(instance.object().getSpec().resources()));
  }

  /** Where one was evicted, the next is not to be first. A job's run is a record, and stays. */
  private static boolean isToBeReplaced(Instance instance) {
    return instance.evicted() && instance.run().isEmpty();
  }

  /** Nodes for that many instances of the current template, or for as many as possible. */
  List<String> current(Resolved image, int count) {
    return seats(ofCurrent(image), claims(state.spec().volumes()), admitted(resources(), count));
  }

  /** Whether that very node has a place for an instance of the current template; it is taken. */
  boolean on(Resolved image, String node) {
    var claims = claims(state.spec().volumes());
    if (claims.node().filter(it -> !it.equals(node)).isPresent()) {
      seating = seating.lacking(1, Reasons.UNSCHEDULABLE, claims.why());
      return false;
    }
    var demand = ofCurrent(image).with(Set.of(), Optional.of(node));
    return !seats(demand, claims, admitted(resources(), 1)).isEmpty();
  }

  /** An instance that is about to be made takes its room; it does not count as one of the app. */
  void reserve(WasmInstance made) {
    var room = Room.requested(state.quota().effective(made.getSpec().resources()));
    taken = taken.plus(room);
    String node = made.getSpec().nodeName();
    used.put(node, used.getOrDefault(node, state.nodes().used(node)).plus(room));
  }

  /** A node for an instance like that one, by what its own template asked for; or none. */
  List<String> like(Instance lost) {
    var image = new Resolved(lost.image(), Template.features(lost.object()));
    return seats(
        demand(image, Template.choice(lost.object()), lost.room()),
        claims(lost.object().getSpec().volumes()),
        admitted(lost.object().getSpec().resources(), 1));
  }

  /**
   * Which of {@code broken} have to go so that {@code count} instances of the current template find
   * a place; none of those whose going would not help.
   */
  List<Instance> freeing(List<Instance> broken, Resolved image, int count) {
    if (count <= 0 || broken.isEmpty()) return List.of();
    var demand = ofCurrent(image);
    var going = new ArrayList<Instance>();
    int found = 0;
    for (var node : Placement.unlessFull(nodes(), demand, ofApp, state.now())) {
      var there = nodes().used(node);
      var tried = new ArrayList<Instance>();
      for (var instance : broken) {
        if (found == count) return going;
        if (!instance.node().equals(node.name())) continue;
        tried.add(instance);
        there = there.minus(instance.room());
        if (!node.hasRoom(there, demand.room())) continue;
        there = there.plus(demand.room());
        going.addAll(tried);
        tried.clear();
        found++;
      }
    }
    return going;
  }

  /** How many of that kind the namespace's quotas allow. */
  private int admitted(@Nullable Resources resources, int count) {
    if (count <= 0) return 0;
    var admission = state.quota().admit(resources, count, taken);
    var one = Room.requested(resources);
    for (int i = 0; i < admission.count(); i++) taken = taken.plus(one);
    @Nullable Held held = admission.held();
    if (held != null)
      seating =
          seating.lacking(
              held.count(),
              held.reason(),
              held.message(state.status().conditions().stream().map(Condition::message)));
    return admission.count();
  }

  private @Nullable Resources resources() {
    return state.quota().effective(state.spec().resources());
  }

  private Claims claims(List<Volume> volumes) {
    return state.volumes().claims(volumes);
  }

  /** Seats that suit the volumes too: where they are, or all where the first one is. */
  private List<String> seats(Demand demand, Claims claims, int count) {
    if (count <= 0) return List.of();
    if (claims.obstacle().isPresent()) {
      var obstacle = claims.obstacle().get();
      seating = seating.lacking(count, obstacle.reason(), obstacle.message());
      return List.of();
    }
    if (!claims.together()) return seatsOn(demand, claims, count);
    var all = new ArrayList<>(seatsOn(demand, claims, 1));
    if (all.isEmpty()) seating = seating.lacking(count - 1, seating.reason(), seating.why());
    else all.addAll(seatsOn(demand, claims.on(all.getFirst()), count - 1));
    return all;
  }

  private List<String> seatsOn(Demand asked, Claims claims, int count) {
    if (count <= 0) return List.of();
    var demand = asked.with(claims.features(), claims.node());
    var priority = state.standing().priority();
    if (priority.isEmpty()) {
      seating = seating.lacking(count, Reasons.PRIORITY_CLASS_NOT_FOUND, noPriorityClass());
      return List.of();
    }
    var placement = Placement.of(nodes(), demand, ofApp, count, state.now());
    var found = new ArrayList<>(placement.nodes());
    for (String node : found) take(node, demand.room());
    if (placement.missing() > 0 && priority.get().preempts())
      preempt(demand, priority.get().value(), placement.missing(), found);
    if (found.size() < count) {
      var reason = reason(placement, claims);
      seating = seating.lacking(count - found.size(), reason.reason(), reason.message());
    }
    return found;
  }

  private static Claims.Obstacle reason(Placement placement, Claims claims) {
    boolean volumes =
        !placement.lacking().isEmpty() && claims.features().containsAll(placement.lacking());
    String why = claims.why().isEmpty() ? placement.why() : claims.why() + ": " + placement.why();
    return new Claims.Obstacle(
        volumes ? Reasons.VOLUMES_NOT_OFFERED : placement.reason(),
        volumes
            ? why
                + " Start agents with --local-volumes (node-local ones) or --shared-volumes (shared ones)."
            : why + placement.advice());
  }

  /** Takes the places of others with a lower priority, as many as are to be had. */
  private void preempt(Demand demand, int priority, int missing, List<String> found) {
    if (state.standing().lowest() >= priority) return;
    for (int i = 0; i < Math.min(missing, MOST_PREEMPTIONS); i++) {
      var best =
          Preemption.of(nodes(), demand, ofApp, priority, this::othersOn, budgets, state.now());
      if (best.isEmpty()) return;
      String node = best.get().node().name();
      victims.addAll(best.get().victims());
      budgets.take(best.get().victims());
      take(node, demand.room());
      for (var victim : best.get().victims()) used.merge(node, victim.room(), Room::minus);
      found.add(node);
    }
  }

  private List<Instance> othersOn(String node) {
    return state.standing().onNode().apply(node).stream()
        .filter(i -> !i.madeFor(state.app().getMetadata().getUid()) && !victims.contains(i))
        .toList();
  }

  private void take(String node, Room room) {
    ofApp.merge(node, 1, Integer::sum);
    used.put(node, used.getOrDefault(node, state.nodes().used(node)).plus(room));
  }

  private Nodes nodes() {
    return state.nodes().using(used);
  }

  private Demand ofCurrent(Resolved image) {
    var spec = state.spec();
    return demand(image, NodeChoice.of(spec), Room.requested(resources()));
  }

  private static Demand demand(Resolved image, NodeChoice choice, Room room) {
    String digest = image.image().substring(image.image().indexOf('@') + 1);
    var features = image.features().isEmpty() ? USUAL_FEATURES : Set.copyOf(image.features());
    return new Demand(choice, room, features, digest, Optional.empty());
  }

  private String noPriorityClass() {
    return "There is no PriorityClass named %s. Create it, or change priorityClassName."
        .formatted(state.spec().priorityClassName());
  }

  /** What found no place so far and why, and who has to go. */
  Seating placement() {
    return seating.with(victims);
  }
}
