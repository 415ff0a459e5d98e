package dev.dunlin.oci;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The records of a pax extended header that change what an entry is; size -1 when not given. */
record Pax(@Nullable String path, @Nullable String link, long size) {
  static final Pax NONE = new Pax(null, null, -1);

  /**
   * Reads records of the form {@code length key=value\n}, the length counting itself.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Pax parse(byte[] records) {
    Pax pax = NONE;
    int at = 0;
    while (at < records.length) {
      int space = indexOf(records, ' ', at);
      int length = space < 0 ? -1 : length(records, at, space);
      int end = at + length;
      int equals = space < 0 ? -1 : indexOf(records, '=', space);
      if (length <= 0 || end > records.length || equals < 0 || equals >= end) {
        throw new IllegalArgumentException("tar: expected pax records, found something else");
      }
      String key = text(records, space + 1, equals);
      String value = text(records, equals + 1, end - 1);
      pax =
          switch (key) {
            case "path" -> new Pax(value, pax.link, pax.size);
            case "linkpath" -> new Pax(pax.path, value, pax.size);
            case "size" -> new Pax(pax.path, pax.link, size(value));
            default -> pax;
          };
      at = end;
    }
    return pax;
  }

  private static int length(byte[] records, int from, int to) {
    String digits = text(records, from, to);
    return digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : -1;
  }

  private static long size(String value) {
    if (!value.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("tar: expected a pax size, found '" + value + "'");
    }
    return Long.parseLong(value);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static int indexOf(byte[] bytes, char c, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    return -1;
  }
}
