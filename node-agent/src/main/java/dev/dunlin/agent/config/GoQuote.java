package dev.dunlin.agent.config;

/** A text as Go's {@code %q} writes it (strconv.Quote), which is how Pods see their labels. */
final class GoQuote {
  private static final String NAMED = "\u0007\b\f\n\r\t\u000b";
  private static final String NAMES = "abfnrtv";

  private GoQuote() {}

  static String of(String text) {
    var out = new StringBuilder("\"");
    text.codePoints().forEach(c -> append(out, c));
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, int c) {
    int name = NAMED.indexOf(c);
    if (c == '"' || c == '\\') {
      out.append('\\').appendCodePoint(c);
    } else if (isPrintable(c)) {
      out.appendCodePoint(c);
    } else if (name >= 0) {
      out.append('\\').append(NAMES.charAt(name));
    } else if (c < ' ' || c == 0x7f) {
      out.append("\\x%02x".formatted(c));
    } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      out.append("\\ufffd"); // no character: a half of one
    } else {
      out.append((c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
    }
  }

  /** Letters, marks, numbers, punctuation, symbols, and of all spaces the plain one. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
