package dev.dunlin.operator.port;

/** The ports that apps may be given, both ends included. */
public record PortRange(int from, int to) {
  public PortRange {
    if (from < 1 || to > 65535 || from > to)
      throw new IllegalArgumentException(
          "ports must be FROM-TO within 1-65535, FROM not above TO; found " + from + "-" + to);
  }

  /** Reads {@code 20000-29999}. */
  public static PortRange parse(String text) {
    String[] ends = text.split("-", -1);
    try {
      if (ends.length == 2)
        return new PortRange(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("ports must be FROM-TO in digits; found " + text, e);
    }
    throw new IllegalArgumentException("ports must be FROM-TO; found " + text);
  }

  int size() {
    return to - from + 1;
  }
}
