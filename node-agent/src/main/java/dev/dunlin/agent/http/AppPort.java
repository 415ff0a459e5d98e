package dev.dunlin.agent.http;

import java.util.List;
import java.util.Optional;

/**
 * Who answers on an app's port.
 *
 * @param backends changed while it is read
 */
record AppPort(AppKey app, List<Backend> backends, Split split) {
  /** Who answers the next request. */
  Optional<Backend> next() {
    return Choice.among(backends, split);
  }

  /** Whether a revision has an instance here. */
  boolean has(String revision) {
    return backends.stream().anyMatch(backend -> backend.revision().equals(revision));
  }
}
