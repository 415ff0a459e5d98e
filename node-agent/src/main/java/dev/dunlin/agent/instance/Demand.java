package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.engine.Limits;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an instance's spec says of the resources of its node. Pure. */
public final class Demand {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal MILLI = BigDecimal.valueOf(1_000);

  private Demand() {}

  /** {@code limits.cpu} in thousandths of a processor, rounded up; empty: no limit. */
  public static OptionalLong milliCores(WasmInstanceSpec spec) {
    Resources resources = spec.resources();
    ResourceList limits = resources == null ? null : resources.limits();
    Quantity cpu = limits == null ? null : limits.cpu();
    return cpu == null
        ? OptionalLong.empty()
        : OptionalLong.of(
            Math.max(
                1,
                Quantity.getAmountInBytes(cpu)
                    .multiply(MILLI)
                    .setScale(0, RoundingMode.CEILING)
                    .longValueExact()));
  }

  /** Memory that is kept free for it: what it requests, else its limit. */
  static long memoryBytes(WasmInstanceSpec spec) {
    Resources resources = spec.resources();
    Quantity requested = resources == null ? null : memory(resources.requests());
    Quantity limit = resources == null ? null : memory(resources.limits());
    Quantity counts = requested == null ? limit : requested;
    return counts == null
        ? Limits.DEFAULT_MEMORY_BYTES
        : Quantity.getAmountInBytes(counts).min(MOST).longValue();
  }

  private static @Nullable Quantity memory(@Nullable ResourceList list) {
    return list == null ? null : list.memory();
  }
}
