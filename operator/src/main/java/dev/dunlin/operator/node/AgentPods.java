package dev.dunlin.operator.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the agents' Pods say of their nodes. An agent is called as the machine that it is on, or as
 * its Pod, where a machine may have two for a while (an update with surge). An agent need not be in
 * a Pod: of a node that never had one, nothing is said. Owned by one thread.
 */
final class AgentPods {
  /** Names of Pods do not come back. */
  private static final Duration FORGET = Duration.ofHours(1);

  /** What a node's Pod says of its agent; the better word first. */
  enum Word {
    READY,
    /** It is being deleted: the agent is shutting down. */
    LEAVING,
    NOT_READY,
    /** It was there, and is no more. */
    GONE,
    /** There is none, and none was seen: the Lease alone counts. */
    NOTHING
  }

  /** Since when a word holds. */
  private record Spell(Word word, long since) {}

  private final Map<String, Spell> spells = new HashMap<>(); // by node

  /** What there is now. */
  void observe(Stream<Pod> pods, long nanos) {
    var now = new HashMap<String, Word>();
    pods.filter(pod -> pod.getSpec() != null && pod.getSpec().getNodeName() != null)
        .forEach(pod -> {
          now.merge(pod.getSpec().getNodeName(), word(pod), AgentPods::better);
          now.merge(pod.getMetadata().getName(), word(pod), AgentPods::better);
        });
    spells.values().removeIf(it -> it.word() == Word.GONE && nanos - it.since() > FORGET.toNanos());
    var nodes = new HashSet<>(spells.keySet());
    nodes.addAll(now.keySet());
    for (String node : nodes) {
      var word = now.getOrDefault(node, Word.GONE);
      @Nullable Spell before = spells.get(node);
      if (before == null || before.word() != word) spells.put(node, new Spell(word, nanos));
    }
  }

  /** An update may have two Pods on a node for a while. */
  private static Word better(Word one, Word other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Word word(Pod pod) {
    @Nullable PodStatus status = pod.getStatus();
    List<PodCondition> conditions =
        status == null || status.getConditions() == null ? List.of() : status.getConditions();
    if (conditions.stream().noneMatch(AgentPods::isReady)) return Word.NOT_READY;
    return pod.getMetadata().getDeletionTimestamp() == null ? Word.READY : Word.LEAVING;
  }

  private static boolean isReady(PodCondition condition) {
    return "Ready".equals(condition.getType()) && "True".equals(condition.getStatus());
  }

  /**
   * What is said of a node's agent that was last heard of by itself at {@code heard}. Of a Pod that
   * went, it lives without one if it is heard of well after that. Of a Pod that is not ready, it is
   * gone if it is not heard of for {@code patience}.
   *
   * @param slack how late a sign of life may be seen
   */
  Word of(String node, long heard, Duration slack, Duration patience, long nanos) {
    @Nullable Spell spell = spells.get(node);
    if (spell == null) return Word.NOTHING;
    boolean heardSince = heard - spell.since() > slack.toNanos();
    return switch (spell.word()) {
      case GONE -> {
        if (heardSince) spells.remove(node);
        yield heardSince ? Word.NOTHING : Word.GONE;
      }
      case NOT_READY ->
          !heardSince && nanos - spell.since() >= patience.toNanos() ? Word.GONE : Word.NOT_READY;
      case READY, LEAVING, NOTHING -> spell.word();
    };
  }
}
