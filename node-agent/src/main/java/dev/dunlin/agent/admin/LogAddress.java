package dev.dunlin.agent.admin;

import java.util.Optional;

/**
 * Where logs are read.
 *
 * @param port on the bind address; 0 for any
 * @param advertised address under which the operator reaches it; empty: the app ports' one
 */
public record LogAddress(int port, Optional<String> advertised) {
  public static final LogAddress ANY_PORT = new LogAddress(0, Optional.empty());
}
