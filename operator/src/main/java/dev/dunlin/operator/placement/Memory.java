package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Amounts of memory in bytes. */
public final class Memory {
  /** What an instance is given when its app says nothing. */
  public static final long DEFAULT_BYTES = 128L << 20;

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** What is kept free for an instance: its request, else its limit, else the default. */
  public static long requested(@Nullable Resources resources) {
    if (resources == null) return DEFAULT_BYTES;
    var asked = bytes(resources.requests());
    if (asked != null) return asked;
    var allowed = bytes(resources.limits());
    return allowed == null ? DEFAULT_BYTES : allowed;
  }

  private static @Nullable Long bytes(@Nullable ResourceList list) {
    @Nullable Quantity memory = list == null ? null : list.memory();
    return memory == null ? null : bytes(memory);
  }

  /** Whole bytes; what a long cannot hold is more than any node has. */
  static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).min(MOST).longValue();
  }

  private Memory() {}
}
