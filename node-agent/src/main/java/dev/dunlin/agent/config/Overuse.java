package dev.dunlin.agent.config;

/** A volume of an instance takes more than it may, and what follows. */
public sealed interface Overuse {
  /** In words for people. */
  String message();

  /** Of the node's own disk: the instance goes for good. */
  record Evict(String message) implements Overuse {}

  /** Of storage that outlives it: the instance waits for room. */
  record Halt(String reason, String message) implements Overuse {}
}
