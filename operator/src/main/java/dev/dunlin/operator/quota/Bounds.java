package dev.dunlin.operator.quota;

import dev.dunlin.api.v1alpha1.InstanceLimits;
import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace says of one instance, as LimitRanges do: defaults for what its app leaves open,
 * and bounds for the rest. Of several that give a default the first one's counts; all bounds hold.
 */
final class Bounds {
  private static final List<Kind> KINDS =
      List.of(new Kind("cpu", ResourceList::cpu), new Kind("memory", ResourceList::memory));

  private record Kind(String name, Function<ResourceList, @Nullable Quantity> of) {
    @Nullable Quantity in(@Nullable ResourceList list) {
      return list == null ? null : of.apply(list);
    }
  }

  /**
   * What an instance is made with: a limit by default, and a request by default, else the limit.
   */
  static @Nullable Resources effective(List<InstanceLimits> limits, @Nullable Resources asked) {
    if (limits.stream().allMatch(it -> it.defaultLimits() == null && it.defaultRequest() == null))
      return asked;
    var quantities = KINDS.stream().map(kind -> effective(kind, limits, asked)).toList();
    return new Resources(
        list(quantities.getLast().request(), quantities.getFirst().request()),
        list(quantities.getLast().limit(), quantities.getFirst().limit()));
  }

  private record Pair(@Nullable Quantity request, @Nullable Quantity limit) {}

  private static Pair effective(Kind kind, List<InstanceLimits> limits, @Nullable Resources asked) {
    @Nullable Quantity request = asked == null ? null : kind.in(asked.requests());
    @Nullable Quantity limit = asked == null ? null : kind.in(asked.limits());
    if (request == null && limit == null) // a stated limit is a request too
    request = first(limits.stream().map(it -> kind.in(it.defaultRequest())));
    if (limit == null) limit = first(limits.stream().map(it -> kind.in(it.defaultLimits())));
    return new Pair(request, limit);
  }

  private static @Nullable Quantity first(Stream<@Nullable Quantity> quantities) {
    return quantities.filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static @Nullable ResourceList list(@Nullable Quantity memory, @Nullable Quantity cpu) {
    return memory == null && cpu == null ? null : new ResourceList(memory, cpu);
  }

  /** What is beyond the bounds, in the words of the API server's LimitRanger. */
  static Optional<String> violation(List<InstanceLimits> limits, @Nullable Resources effective) {
    for (var bounds : limits)
      for (var kind : KINDS) {
        var found = violation(kind, bounds, effective);
        if (found.isPresent()) return found;
      }
    return Optional.empty();
  }

  private static Optional<String> violation(
      Kind kind, InstanceLimits bounds, @Nullable Resources effective) {
    @Nullable Quantity limit = effective == null ? null : kind.in(effective.limits());
    @Nullable Quantity request = effective == null ? null : kind.in(effective.requests());
    if (request == null) request = limit;
    @Nullable Quantity max = kind.in(bounds.max());
    if (max != null && limit == null)
      return Optional.of(
          "maximum %s usage per WasmInstance is %s. No limit is specified"
              .formatted(kind.name(), max));
    if (max != null && limit != null && isAbove(limit, max))
      return Optional.of(
          "maximum %s usage per WasmInstance is %s, but limit is %s"
              .formatted(kind.name(), max, limit));
    @Nullable Quantity min = kind.in(bounds.min());
    if (min != null && request == null)
      return Optional.of(
          "minimum %s usage per WasmInstance is %s. No request is specified"
              .formatted(kind.name(), min));
    if (min != null && request != null && isAbove(min, request))
      return Optional.of(
          "minimum %s usage per WasmInstance is %s, but request is %s"
              .formatted(kind.name(), min, request));
    if (request != null && limit != null && isAbove(request, limit))
      return Optional.of(
          "%s request is %s by default, but limit is %s".formatted(kind.name(), request, limit));
    return Optional.empty();
  }

  private static boolean isAbove(Quantity one, Quantity other) {
    return one.getNumericalAmount().compareTo(other.getNumericalAmount()) > 0;
  }

  private Bounds() {}
}
