package dev.dunlin.operator.log;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What of which logs is wanted. What is said of a single instance's log is the agent's to judge,
 * and passed on as it is.
 *
 * @param passedOn parameters for the agent, but those that have a field here
 * @param instance of which instance of the app
 * @param prefix whether each line begins with its instance's name; empty where that is not said
 */
record LogOptions(
    Map<String, String> passedOn,
    boolean follow,
    boolean previous,
    boolean timestamps,
    Optional<String> instance,
    Optional<Boolean> prefix) {
  private static final List<String> OF_THE_AGENT =
      List.of("sinceSeconds", "sinceTime", "tailLines", "limitBytes");

  LogOptions {
    passedOn = Map.copyOf(passedOn);
  }

  /**
   * Reads a request's parameters.
   *
   * @throws IllegalArgumentException in words for whoever has asked
   */
  static LogOptions parse(Map<String, List<String>> query) {
    var passedOn = new LinkedHashMap<String, String>();
    for (String name : OF_THE_AGENT) {
      @Nullable String value = first(query, name);
      if (value != null && !value.isEmpty()) passedOn.put(name, value);
    }
    requireNumber(passedOn, "sinceSeconds", 1);
    requireNumber(passedOn, "tailLines", 0);
    requireNumber(passedOn, "limitBytes", 1);
    requireTime(passedOn.get("sinceTime"));
    if (passedOn.containsKey("sinceTime") && passedOn.containsKey("sinceSeconds"))
      throw new IllegalArgumentException(
          "at most one of `sinceTime` or `sinceSeconds` may be specified");
    return new LogOptions(
        passedOn,
        flag(query, "follow").orElse(false),
        flag(query, "previous").orElse(false),
        flag(query, "timestamps").orElse(false),
        Optional.ofNullable(first(query, "instance")).filter(name -> !name.isEmpty()),
        flag(query, "prefix"));
  }

  /** Whether to go on with what is written: a run that is over has no more. */
  boolean follows() {
    return follow && !previous;
  }

  /** How much to give of each instance's log. */
  long limitBytes() {
    return Long.parseLong(passedOn.getOrDefault("limitBytes", String.valueOf(Long.MAX_VALUE)));
  }

  /** What the agent is asked. */
  Ask ask() {
    return new Ask(passedOn, follows(), previous, timestamps);
  }

  /**
   * One question to an agent.
   *
   * @param more parameters as a Pod's log has them
   */
  record Ask(Map<String, String> more, boolean follow, boolean previous, boolean timestamps) {
    Ask {
      more = Map.copyOf(more);
    }

    Ask withTimestamps() {
      return new Ask(more, follow, previous, true);
    }

    Ask withoutFollowing() {
      return new Ask(more, false, previous, timestamps);
    }

    /** All that was written at that time and later. */
    Ask since(Instant time) {
      return new Ask(Map.of("sinceTime", time.toString()), follow, previous, timestamps);
    }

    Ask without(String name) {
      var others = new LinkedHashMap<>(more);
      others.remove(name);
      return new Ask(others, follow, previous, timestamps);
    }

    String query() {
      var all = new LinkedHashMap<>(more);
      all.put("follow", String.valueOf(follow));
      all.put("previous", String.valueOf(previous));
      all.put("timestamps", String.valueOf(timestamps));
      return all.entrySet().stream()
          .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
          .collect(Collectors.joining("&"));
    }
  }

  private static void requireNumber(Map<String, String> values, String name, long least) {
    @Nullable String value = values.get(name);
    if (value == null) return;
    try {
      if (Long.parseLong(value) >= least) return;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected(name, least, value), e);
    }
    throw new IllegalArgumentException(expected(name, least, value));
  }

  private static String expected(String name, long least, String found) {
    return "%s: expected a number of %d or more, found \"%s\"".formatted(name, least, found);
  }

  private static void requireTime(@Nullable String value) {
    if (value == null) return;
    try {
      var _ = OffsetDateTime.parse(value);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "sinceTime: expected a time as in RFC 3339, found \"" + value + "\"", e);
    }
  }

  private static Optional<Boolean> flag(Map<String, List<String>> query, String name) {
    @Nullable String value = first(query, name);
    return switch (value) {
      case null -> Optional.empty();
      case "", "true", "1" -> Optional.of(true);
      case "false", "0" -> Optional.of(false);
      default ->
          throw new IllegalArgumentException(
              "%s: expected true or false, found \"%s\"".formatted(name, value));
    };
  }

  private static @Nullable String first(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? null : values.getFirst();
  }
}
