package dev.dunlin.agent;

import java.util.Objects;

/** The agent's version, as its jar says. */
final class AgentVersion {
  private AgentVersion() {}

  static String current() {
    return Objects.requireNonNullElse(
        AgentVersion.class.getPackage().getImplementationVersion(), "unpackaged");
  }
}
