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
}
