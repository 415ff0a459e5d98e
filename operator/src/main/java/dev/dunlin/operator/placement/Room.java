package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.NodeResources;
import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What instances take of a node, or what a node has to give. */
public record Room(long memoryBytes, long cpuMillis, int instances) {
  public static final Room NONE = new Room(0, 0, 0);

  /** What an instance is given when its app says nothing. */
  public static final long DEFAULT_MEMORY_BYTES = 128L << 20;

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /**
   * What is kept free for one instance: its requests, else its limits, else a default of memory and
   * no part of a core.
   */
  public static Room requested(@Nullable Resources resources) {
    @Nullable Quantity memory = asked(resources, ResourceList::memory);
    @Nullable Quantity cpu = asked(resources, ResourceList::cpu);
    return new Room(
        memory == null ? DEFAULT_MEMORY_BYTES : bytes(memory), cpu == null ? 0 : millis(cpu), 1);
  }

  /** What a node has; of an agent that does not know its cores they are no limit. */
  static Room of(@Nullable NodeResources has) {
    if (has == null) return NONE;
    return new Room(
        bytes(has.memory()),
        has.cpu() == null ? Long.MAX_VALUE : millis(has.cpu()),
        has.instances());
  }

  private static @Nullable Quantity asked(
      @Nullable Resources resources, Function<ResourceList, @Nullable Quantity> which) {
    if (resources == null) return null;
    @Nullable Quantity asked =
        resources.requests() == null ? null : which.apply(resources.requests());
    return asked != null || resources.limits() == null ? asked : which.apply(resources.limits());
  }

  /** Whole bytes; what a long cannot hold is more than any node has. */
  static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).min(MOST).longValue();
  }

  private static long millis(Quantity cores) {
    return Quantity.getAmountInBytes(cores).multiply(MILLIS).min(MOST).longValue();
  }

  public Room plus(Room other) {
    return new Room(
        memoryBytes + other.memoryBytes, cpuMillis + other.cpuMillis, instances + other.instances);
  }

  public Room minus(Room other) {
    return new Room(
        memoryBytes - other.memoryBytes, cpuMillis - other.cpuMillis, instances - other.instances);
  }

  /** Whether {@code more} has room in this beside what is {@code used}. */
  boolean hasRoom(Room used, Room more) {
    return hasInstances(used, more) && hasMemory(used, more) && hasCpu(used, more);
  }

  boolean hasInstances(Room used, Room more) {
    return more.instances <= instances - used.instances;
  }

  boolean hasMemory(Room used, Room more) {
    return more.memoryBytes <= memoryBytes - used.memoryBytes; // a sum could overflow
  }

  boolean hasCpu(Room used, Room more) {
    return more.cpuMillis == 0 || more.cpuMillis <= cpuMillis - used.cpuMillis;
  }

  /** How much memory is free, in tenths of what there is. */
  long freeTenths(Room used) {
    return memoryBytes == 0 ? 0 : (memoryBytes - used.memoryBytes) * 10 / memoryBytes;
  }
}
