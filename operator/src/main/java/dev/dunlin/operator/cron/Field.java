package dev.dunlin.operator.cron;

import java.util.List;
import java.util.Locale;

/**
 * One field of a schedule: which numbers it means.
 *
 * @param numbers a bit for each
 * @param any whether it restricts nothing: it begins with a star, or its like, and has no step
 */
record Field(long numbers, boolean any) {

  /** What a field may hold. */
  enum Kind {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of the month", 1, 31, ""),
    MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    /** 7 is Sunday too. */
    WEEKDAY("day of the week", 0, 7, "SUN MON TUE WED THU FRI SAT");

    private final String words;
    private final int min;
    private final int max;
    private final String names; // one after the other, or empty

    Kind(String words, int min, int max, String names) {
      this.words = words;
      this.min = min;
      this.max = max;
      this.names = names;
    }

    private int number(String text, String part) {
      int name =
          names.isEmpty()
              ? -1
              : List.of(names.split(" ", -1)).indexOf(text.toUpperCase(Locale.ROOT));
      if (name >= 0) return name + min;
      if (!text.matches("[0-9]{1,2}"))
        throw new IllegalArgumentException(
            "'%s' in the %s '%s' is no number.".formatted(text, words, part));
      int number = Integer.parseInt(text);
      if (number < min || number > max)
        throw new IllegalArgumentException(
            "%d in the %s '%s' is not from %d to %d.".formatted(number, words, part, min, max));
      return number;
    }
  }

  /**
   * Reads a list of numbers, ranges and steps.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Field parse(Kind kind, String text) {
    long numbers = 0;
    boolean any = false;
    for (String part : text.split(",", -1)) {
      int slash = part.indexOf('/');
      String range = slash < 0 ? part : part.substring(0, slash);
      int step = slash < 0 ? 1 : step(kind, part.substring(slash + 1), part);
      boolean star = range.equals("*") || range.equals("?");
      int dash = range.indexOf('-');
      int from = star ? kind.min : kind.number(dash < 0 ? range : range.substring(0, dash), part);
      int to =
          star
              ? kind.max
              : dash >= 0
                  ? kind.number(range.substring(dash + 1), part)
                  : slash >= 0 ? kind.max : from; // 5/15 is 5-59/15
      if (from > to)
        throw new IllegalArgumentException(
            "The range '%s' in the %s ends before it begins.".formatted(part, kind.words));
      for (int number = from; number <= to; number += step) numbers |= 1L << number;
      any |= star && step == 1;
    }
    if (kind == Kind.WEEKDAY && (numbers & (1L << 7)) != 0) numbers |= 1L;
    return new Field(numbers, any);
  }

  private static int step(Kind kind, String text, String part) {
    if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) == 0)
      throw new IllegalArgumentException(
          "The step in the %s '%s' is no number from 1 on.".formatted(kind.words, part));
    return Integer.parseInt(text);
  }

  boolean has(int number) {
    return (numbers & (1L << number)) != 0;
  }
}
