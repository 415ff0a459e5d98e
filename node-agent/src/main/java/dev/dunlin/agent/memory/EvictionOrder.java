package dev.dunlin.agent.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who goes first when memory runs short, as kubelet has it (rankMemoryPressure): who uses more than
 * it requests before who does not, then the lower priority, then who is further over its request.
 */
final class EvictionOrder {
  private static final Comparator<Tenant> FIRST_TO_GO =
      Comparator.comparing(Tenant::exceedsRequest)
          .reversed()
          .thenComparingInt(Tenant::priority)
          .thenComparing(Comparator.comparingLong(Tenant::overBytes).reversed())
          .thenComparing(Tenant::name);

  private EvictionOrder() {}

  /** The one to be evicted; empty where nobody has memory to give back. */
  static Optional<Tenant> first(List<Tenant> tenants) {
    return tenants.stream().filter(tenant -> tenant.usedBytes() > 0).min(FIRST_TO_GO);
  }
}
