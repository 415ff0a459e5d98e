package dev.dunlin.operator.quota;

import dev.dunlin.api.v1alpha1.QuotaAmounts;
import dev.dunlin.operator.placement.Room;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts in Kubernetes' words. */
final class Quantities {
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

  /** As a quota's status says it. */
  static QuotaAmounts of(Room room) {
    return new QuotaAmounts(
        memory(room.memoryBytes()), cpu(room.cpuMillis()), (long) room.instances());
  }

  /** In the largest unit that it is a whole number of, as Kubernetes writes quantities. */
  static Quantity memory(long bytes) {
    int unit = 0;
    long amount = bytes;
    while (unit < UNITS.length - 1 && amount != 0 && amount % 1024 == 0) {
      amount /= 1024;
      unit++;
    }
    return new Quantity(amount + UNITS[unit]);
  }

  static Quantity cpu(long millis) {
    return new Quantity(millis % 1000 == 0 ? String.valueOf(millis / 1000) : millis + "m");
  }

  /** Thousandths of a core, rounded up as everywhere in Kubernetes. */
  static long millis(Quantity cores) {
    return cores
        .getNumericalAmount()
        .multiply(THOUSAND)
        .setScale(0, RoundingMode.CEILING)
        .min(MOST)
        .longValue();
  }

  private Quantities() {}
}
