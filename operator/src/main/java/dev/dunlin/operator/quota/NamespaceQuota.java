package dev.dunlin.operator.quota;

import dev.dunlin.api.v1alpha1.InstanceLimits;
import dev.dunlin.api.v1alpha1.QuotaAmounts;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.operator.placement.Room;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace's quotas allow, given what its instances take. Several of them all hold.
 *
 * @param used by the namespace's instances that are not finished, those being made included
 */
public record NamespaceQuota(List<WasmQuota> quotas, Room used) {
  public static final NamespaceQuota NONE = new NamespaceQuota(List.of(), Room.NONE);

  public NamespaceQuota {
    quotas =
        quotas.stream()
            .filter(it -> it.getSpec() != null)
            .sorted(Comparator.comparing(it -> it.getMetadata().getName()))
            .toList();
  }

  /**
   * How many may be made of what is wanted.
   *
   * @param held why the rest may not; null where all may
   */
  public record Admission(int count, @Nullable Held held) {}

  /** One resource that a quota limits, and how it stands. */
  private record Line(String name, long requested, long used, long hard, String said) {
    boolean isExceeded() {
      return requested > hard - used;
    }
  }

  /** What an instance gets whose app asks for that. */
  public @Nullable Resources effective(@Nullable Resources asked) {
    return Bounds.effective(limits(), asked);
  }

  /**
   * Decides how many instances with those (effective) resources may be made.
   *
   * @param taken by the same plan already, less what goes with it
   */
  public Admission admit(@Nullable Resources resources, int wanted, Room taken) {
    if (quotas.isEmpty()) return new Admission(wanted, null);
    var outside = Bounds.violation(limits(), resources);
    if (outside.isPresent())
      return new Admission(0, new Held(Reasons.LIMITS_EXCEEDED, outside.get(), wanted));
    var one = Room.requested(resources);
    var now = used.plus(taken);
    for (int count = 0; count < wanted; count++) {
      var exceeded = exceeded(now, one);
      if (exceeded.isPresent())
        return new Admission(
            count, new Held(Reasons.QUOTA_EXCEEDED, exceeded.get(), wanted - count));
      now = now.plus(one);
    }
    return new Admission(wanted, null);
  }

  private List<InstanceLimits> limits() {
    return quotas.stream()
        .map(it -> it.getSpec().perInstance())
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  private Optional<String> exceeded(Room now, Room one) {
    for (var quota : quotas) {
      var lines =
          lines(quota.getSpec().hard(), now, one).stream().filter(Line::isExceeded).toList();
      if (!lines.isEmpty())
        return Optional.of(
            "exceeded quota: %s, requested: %s, used: %s, limited: %s"
                .formatted(
                    quota.getMetadata().getName(),
                    joined(lines, Line::requested),
                    joined(lines, Line::used),
                    lines.stream().map(Line::said).collect(Collectors.joining(","))));
    }
    return Optional.empty();
  }

  private static List<Line> lines(@Nullable QuotaAmounts hard, Room now, Room one) {
    var lines = new ArrayList<Line>();
    if (hard == null) return lines;
    @Nullable Quantity cpu = hard.cpu();
    @Nullable Quantity memory = hard.memory();
    @Nullable Long instances = hard.instances();
    if (cpu != null)
      lines.add(
          new Line("cpu", one.cpuMillis(), now.cpuMillis(), Quantities.millis(cpu), "cpu=" + cpu));
    if (instances != null)
      lines.add(
          new Line(
              "instances", one.instances(), now.instances(), instances, "instances=" + instances));
    if (memory != null)
      lines.add(
          new Line(
              "memory",
              one.memoryBytes(),
              now.memoryBytes(),
              Quantity.getAmountInBytes(memory).longValue(),
              "memory=" + memory));
    return lines;
  }

  private static String joined(List<Line> lines, ToLongFunction<Line> amount) {
    return lines.stream()
        .map(line -> line.name() + "=" + said(line.name(), amount.applyAsLong(line)))
        .collect(Collectors.joining(","));
  }

  private static String said(String name, long amount) {
    return switch (name) {
      case "cpu" -> Quantities.cpu(amount).toString();
      case "memory" -> Quantities.memory(amount).toString();
      default -> String.valueOf(amount);
    };
  }
}
