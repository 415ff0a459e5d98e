package dev.dunlin.agent.config;

/** A ConfigMap or Secret of some namespace. */
public record ConfigObject(Kind kind, String name) {
  /** Which of the two. */
  public enum Kind {
    CONFIG_MAP,
    SECRET
  }
}
