package dev.dunlin.operator.placement;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All nodes at one moment. Most passes look at those that their app is on, by name; only one that
 * places something asks for all, and only then what is taken of each is looked up. Used by one
 * pass.
 */
public final class Nodes {
  private final Map<String, Node> byName;
  private final Function<String, Usage> used;
  private @Nullable List<Node> all;

  /**
   * Joins two sources.
   *
   * @param byName all there are; not copied, and not to be changed
   * @param used what is taken of a node, by its name
   */
  public Nodes(Map<String, Node> byName, Function<String, Usage> used) {
    this.byName = byName;
    this.used = used;
  }

  public static Nodes of(Collection<Node> nodes) {
    var byName = nodes.stream().collect(Collectors.toMap(Node::name, Function.identity()));
    var used = nodes.stream().collect(Collectors.toMap(Node::name, Node::used));
    return new Nodes(byName, name -> used.getOrDefault(name, Usage.NONE));
  }

  /** One, without what is taken of it; null when there is none of that name. */
  public @Nullable Node get(String name) {
    return byName.get(name);
  }

  /** All of them with what is taken of each. */
  public List<Node> all() {
    @Nullable List<Node> known = all;
    if (known == null) {
      known = byName.values().stream().map(node -> node.using(used.apply(node.name()))).toList();
      all = known;
    }
    return known;
  }
}
