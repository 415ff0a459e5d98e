package dev.dunlin.agent.instance;

import dev.dunlin.agent.http.Bounds;
import dev.dunlin.api.v1alpha1.HttpInstance;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What an instance's spec says of the bounds of its requests. */
public final class HttpBounds {
  private HttpBounds() {}

  public static Bounds of(HttpInstance http) {
    Integer queued = http.maxQueued();
    return new Bounds(
        queued == null ? Bounds.of(http.maxConcurrency()).maxQueued() : queued,
        bytes(http.maxRequestBody()),
        bytes(http.maxResponseBody()));
  }

  /** Parts of a byte do not count, and more than can be counted is no bound. */
  private static long bytes(@Nullable Quantity quantity) {
    if (quantity == null) {
      return Bounds.NONE;
    }
    BigDecimal bytes = Quantity.getAmountInBytes(quantity);
    return bytes.min(BigDecimal.valueOf(Bounds.NONE)).max(BigDecimal.ONE).longValue();
  }
}
