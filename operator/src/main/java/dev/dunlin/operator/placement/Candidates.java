package dev.dunlin.operator.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that will do, best first. First counts what the template wishes: few PreferNoSchedule
 * taints, preferred affinity, soft spreading, each scaled to 0–100 and weighted 3, 2 and 2 as in
 * kube-scheduler. Among equals, the fewest instances of the app, then the most free memory (in
 * tenths of what there is, so that small differences leave a choice), then the module on its disk,
 * then the fewest instances of all apps, so that many small ones do not gather on a few nodes, then
 * the name. Mutable; of one placement.
 */
final class Candidates {
  private static final int MOST = 100;

  private final Nodes nodes;
  private final Demand demand;
  private final Instant now;
  private final Spread spread;
  private final Map<String, Candidate> candidates = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.<Candidate>comparingLong(it -> -it.wished)
              .thenComparingInt(it -> it.ofApp)
              .thenComparingLong(it -> -it.freeTenths())
              .thenComparing(it -> !it.cached)
              .thenComparingInt(it -> it.used.instances())
              .thenComparing(it -> it.node.name()));

  /** Compared again only once it is out of the queue and in again. */
  private static final class Candidate {
    private final Node node;
    private final int unwelcome;
    private final int liking;
    private final boolean cached;
    private Room used;
    private int ofApp;
    private long wished;

    Candidate(Node node, Demand demand, Room used, int ofApp) {
      this.node = node;
      this.used = used;
      this.ofApp = ofApp;
      unwelcome = Tolerations.unwelcome(node, demand.choice().tolerations());
      liking = demand.choice().liking(node);
      cached = node.cachedImages().contains(demand.digest());
    }

    long freeTenths() {
      return node.allocatable().freeTenths(used);
    }
  }

  Candidates(Nodes nodes, Demand demand, Map<String, Integer> ofApp, Instant now) {
    this.nodes = nodes;
    this.demand = demand;
    this.now = now;
    spread = spread(nodes, demand, ofApp, now);
    for (var node : nodes.all())
      if (Obstacles.of(node, demand, now) == null)
        candidates.put(
            node.name(),
            new Candidate(node, demand, nodes.used(node), ofApp.getOrDefault(node.name(), 0)));
    rank();
  }

  private static Spread spread(
      Nodes nodes, Demand demand, Map<String, Integer> ofApp, Instant now) {
    var constraints = demand.choice().topologySpreadConstraints();
    if (constraints.isEmpty()) return new Spread(constraints, List.of(), node -> 0);
    var matching =
        nodes.all().stream().filter(n -> !n.isLost(now) && demand.choice().matches(n)).toList();
    return new Spread(constraints, matching, node -> ofApp.getOrDefault(node.name(), 0));
  }

  /** The best node with room; from now on it has one instance more. Null when there is none. */
  @Nullable Node take() {
    var passedOver = new ArrayList<Candidate>(); // uneven for now
    @Nullable Candidate best = queue.poll();
    for (; best != null; best = queue.poll()) {
      if (!hasRoom(best)) continue; // and will have none
      if (spread.obstacle(best.node) == null) break;
      passedOver.add(best);
    }
    queue.addAll(passedOver);
    if (best == null) return null;
    best.used = best.used.plus(demand.room());
    best.ofApp++;
    spread.placed(best.node);
    if (spread.isSoft()) rank();
    else queue.add(best);
    return best.node;
  }

  private boolean hasRoom(Candidate candidate) {
    return candidate.node.hasRoom(candidate.used, demand.room());
  }

  private void rank() {
    int mostUnwelcome = candidates.values().stream().mapToInt(it -> it.unwelcome).max().orElse(0);
    int mostLiked = candidates.values().stream().mapToInt(it -> it.liking).max().orElse(0);
    int mostCrowded =
        spread.isSoft()
            ? candidates.values().stream().mapToInt(it -> spread.crowd(it.node)).max().orElse(0)
            : 0;
    for (var it : candidates.values())
      it.wished =
          3L * (MOST - share(it.unwelcome, mostUnwelcome))
              + 2L * share(it.liking, mostLiked)
              + 2L * (spread.isSoft() ? evenness(spread.crowd(it.node), mostCrowded) : 0);
    queue.clear();
    queue.addAll(candidates.values());
  }

  private static int share(int value, int most) {
    return most == 0 ? 0 : value * MOST / most;
  }

  private static int evenness(int crowd, int most) {
    return crowd < 0 ? 0 : MOST - share(crowd, most);
  }

  /** The nodes that would do if only they had room. */
  List<Node> unlessFull() {
    return candidates.values().stream()
        .map(it -> it.node)
        .filter(node -> spread.obstacle(node) == null)
        .toList();
  }

  /** Everything that keeps one more instance off a node, as it is by now. */
  List<String> obstacles(Node node) {
    @Nullable String obstacle = Obstacles.of(node, demand, now);
    if (obstacle != null) return List.of(obstacle);
    var lacks = Obstacles.lacks(node.allocatable(), used(node), demand.room());
    if (!lacks.isEmpty()) return lacks;
    obstacle = spread.obstacle(node);
    return List.of(obstacle == null ? "available" : obstacle);
  }

  private Room used(Node node) {
    @Nullable Candidate candidate = candidates.get(node.name());
    return candidate == null ? nodes.used(node) : candidate.used;
  }
}
