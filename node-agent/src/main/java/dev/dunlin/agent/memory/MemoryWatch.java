package dev.dunlin.agent.memory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether memory runs short, and has one instance evicted at a time: the next is looked for
 * when the last has given its memory back. Its state is guarded by itself.
 */
public final class MemoryWatch {
  private static final Logger log = LoggerFactory.getLogger(MemoryWatch.class);

  /** As long as placement is to keep away after a shortage. */
  private static final Duration PRESSURE_STAYS = Duration.ofSeconds(30);

  /** A victim that takes longer to end is not waited for. */
  private static final Duration VICTIM_ENDS = Duration.ofSeconds(5);

  /** Has an instance evicted. */
  public interface Eviction {
    void evict(String uid, String why);
  }

  private final Supplier<List<Tenant>> tenants;
  private final Eviction eviction;
  private final ContainerMemory container;
  private final long guestLimitBytes;
  private final LongSupplier nanoTime;

  private Optional<String> victim = Optional.empty();
  private long victimSinceNanos;
  private boolean everShort;
  private long lastShortNanos;

  /**
   * @param tenants all instances that have memory, at the moment of asking
   * @param guestLimitBytes what placement gives out to them together
   */
  public MemoryWatch(
      Supplier<List<Tenant>> tenants,
      Eviction eviction,
      ContainerMemory container,
      long guestLimitBytes) {
    this(tenants, eviction, container, guestLimitBytes, System::nanoTime);
  }

  MemoryWatch(
      Supplier<List<Tenant>> tenants,
      Eviction eviction,
      ContainerMemory container,
      long guestLimitBytes,
      LongSupplier nanoTime) {
    this.tenants = tenants;
    this.eviction = eviction;
    this.container = container;
    this.guestLimitBytes = guestLimitBytes;
    this.nanoTime = nanoTime;
  }

  /** Called every second or so. */
  public void look() {
    List<Tenant> now = tenants.get();
    Optional<String> shortage = reading(now).shortage();
    if (shortage.isPresent() && isDue(now)) {
      EvictionOrder.first(now).ifPresent(tenant -> evict(tenant, shortage.get()));
    }
  }

  /** Whether memory is or was short of late: nothing new is to be placed here. */
  public synchronized boolean pressure() {
    return everShort && nanoTime.getAsLong() - lastShortNanos < PRESSURE_STAYS.toNanos();
  }

  private MemoryReading reading(List<Tenant> now) {
    long guests = now.stream().mapToLong(Tenant::usedBytes).sum();
    OptionalLong limit = container.limitBytes();
    OptionalLong used = limit.isPresent() ? container.workingSetBytes() : limit;
    return new MemoryReading(
        guests,
        guestLimitBytes,
        used.isPresent()
            ? OptionalLong.of(limit.getAsLong() - used.getAsLong())
            : OptionalLong.empty(),
        limit.orElse(0));
  }

  /** Whether the last victim has gone; notes the shortage in any case. */
  private synchronized boolean isDue(List<Tenant> now) {
    long time = nanoTime.getAsLong();
    everShort = true;
    lastShortNanos = time;
    boolean goes =
        victim.isPresent()
            && time - victimSinceNanos < VICTIM_ENDS.toNanos()
            && now.stream().anyMatch(tenant -> tenant.uid().equals(victim.get()));
    return !goes;
  }

  private void evict(Tenant tenant, String shortage) {
    synchronized (this) {
      victim = Optional.of(tenant.uid());
      victimSinceNanos = nanoTime.getAsLong();
    }
    String why =
        "Memory is short on its node (%s); it had %d MiB and requests %d MiB, at priority %d."
            .formatted(
                shortage, tenant.usedBytes() >> 20, tenant.requestBytes() >> 20, tenant.priority());
    log.warn("{} is evicted: {}", tenant.name(), why);
    eviction.evict(tenant.uid(), why);
  }
}
