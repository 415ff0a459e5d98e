package dev.dunlin.cli.cluster;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long ago something was, as kubectl says it. */
public final class Age {
  private Age() {}

  public static String of(@Nullable String time, Instant now) {
    if (time == null || time.isEmpty()) {
      return "-";
    }
    Duration age = Duration.between(Instant.parse(time), now);
    if (age.toMinutes() < 2) {
      return Math.max(0, age.toSeconds()) + "s";
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + "m";
    }
    return age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
  }
}
