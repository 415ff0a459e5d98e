package dev.dunlin.agent.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What of a log is wanted: the options of a Pod's log (PodLogOptions), with their meaning.
 *
 * @param follow go on with what is written, until the run ends
 * @param previous the run before the present one
 * @param timestamps each line begins with its time
 * @param since only lines of that time and later
 * @param tailLines so many at the end; counted before {@code since} is looked at
 * @param limitBytes no more than that
 */
public record LogQuery(
    boolean follow,
    boolean previous,
    boolean timestamps,
    Optional<Instant> since,
    OptionalLong tailLines,
    OptionalLong limitBytes) {

  /** All there is of the present run. */
  public static final LogQuery ALL =
      new LogQuery(
          false, false, false, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());

  /**
   * Reads a request's parameters; those of other names are ignored, as the API server does.
   *
   * @throws IllegalArgumentException in words for whoever has asked
   */
  public static LogQuery parse(Map<String, List<String>> query, Instant now) {
    OptionalLong sinceSeconds = number(query, "sinceSeconds", 1);
    Optional<Instant> sinceTime =
        Optional.ofNullable(first(query, "sinceTime")).map(LogQuery::time);
    if (sinceSeconds.isPresent() && sinceTime.isPresent()) {
      throw new IllegalArgumentException(
          "at most one of `sinceTime` or `sinceSeconds` may be specified");
    }
    return new LogQuery(
        flag(query, "follow"),
        flag(query, "previous"),
        flag(query, "timestamps"),
        sinceSeconds.isPresent() ? Optional.of(before(now, sinceSeconds.getAsLong())) : sinceTime,
        number(query, "tailLines", 0),
        number(query, "limitBytes", 1));
  }

  private static boolean flag(Map<String, List<String>> query, String name) {
    @Nullable String value = first(query, name);
    return switch (value) {
      case null -> false;
      case "", "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw new IllegalArgumentException(
              "%s: expected true or false, found \"%s\"".formatted(name, value));
    };
  }

  private static OptionalLong number(Map<String, List<String>> query, String name, long least) {
    @Nullable String value = first(query, name);
    if (value == null || value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(value);
      if (number >= least) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected(name, least, value), e);
    }
    throw new IllegalArgumentException(expected(name, least, value));
  }

  private static String expected(String name, long least, String found) {
    return "%s: expected a number of %d or more, found \"%s\"".formatted(name, least, found);
  }

  private static Instant before(Instant now, long seconds) {
    return seconds > now.getEpochSecond() ? Instant.EPOCH : now.minusSeconds(seconds);
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "sinceTime: expected a time as in RFC 3339, found \"" + text + "\"", e);
    }
  }

  private static @Nullable String first(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? null : values.getFirst();
  }
}
