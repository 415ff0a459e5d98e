package dev.dunlin.operator.volume;

import java.util.Optional;
import java.util.Set;

/**
 * What the WasmVolumes of an instance ask of its node.
 *
 * @param features of the node: {@code volume:local}, {@code volume:shared}
 * @param node that has the files; empty where any node will do
 * @param why in words for people, where a node is named
 * @param together whether all instances must be on one node that is yet to be chosen
 * @param obstacle what keeps the app from having its volumes
 */
public record Claims(
    Set<String> features,
    Optional<String> node,
    String why,
    boolean together,
    Optional<Obstacle> obstacle) {
  public static final Claims NONE =
      new Claims(Set.of(), Optional.empty(), "", false, Optional.empty());

  /** A reason, and its words. */
  public record Obstacle(String reason, String message) {}

  public Claims {
    features = Set.copyOf(features);
  }

  /** The same once the node is chosen. */
  public Claims on(String chosen) {
    return new Claims(features, Optional.of(chosen), why, false, obstacle);
  }
}
