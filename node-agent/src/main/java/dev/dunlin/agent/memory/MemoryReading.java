package dev.dunlin.agent.memory;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory at one moment.
 *
 * @param guestBytes what all guests have
 * @param guestLimitBytes what placement gives out to them
 * @param availableBytes what the agent's container may still take; empty where it has no limit, or
 *     none that can be read
 * @param limitBytes of the container; 0 where it has none
 */
record MemoryReading(
    long guestBytes, long guestLimitBytes, OptionalLong availableBytes, long limitBytes) {
  /** kubelet's memory.available&lt;100Mi, but no more than a twentieth of a small container. */
  private static final long KEPT_FREE_BYTES = 100L << 20;

  /** Why something has to go; empty: nothing has. */
  Optional<String> shortage() {
    if (guestBytes > guestLimitBytes) {
      return Optional.of(
          "guests have %d MiB of the %d MiB that this node gives to them"
              .formatted(guestBytes >> 20, guestLimitBytes >> 20));
    }
    long kept = Math.min(KEPT_FREE_BYTES, limitBytes / 20);
    if (availableBytes.isPresent() && availableBytes.getAsLong() < kept) {
      return Optional.of(
          "the agent's container has %d MiB left of its limit of %d MiB"
              .formatted(availableBytes.getAsLong() >> 20, limitBytes >> 20));
    }
    return Optional.empty();
  }
}
