package dev.dunlin.operator.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as Kubernetes writes quantities. */
final class Amount {
  private static final int MILLI = 3;
  private static final int MICRO = 6;

  /** In thousandths where it is no whole number; in millionths where it is below one. */
  static String of(double value) {
    var number =
        BigDecimal.valueOf(value)
            .setScale(value < 1 ? MICRO : MILLI, RoundingMode.HALF_UP)
            .stripTrailingZeros();
    if (number.scale() <= 0) return number.toPlainString();
    return number.scale() <= MILLI
        ? number.movePointRight(MILLI).toPlainString() + "m"
        : number.movePointRight(MICRO).toPlainString() + "u";
  }

  private Amount() {}
}
