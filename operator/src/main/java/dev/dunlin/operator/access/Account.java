package dev.dunlin.operator.access;

import java.util.Optional;

/**
 * Whom agents are to the API server.
 *
 * @param owner the ClusterRole that they have: what is written here goes with it
 */
public record Account(String namespace, String name, Optional<String> owner) {}
