package dev.dunlin.examples;

import static dev.dunlin.examples.Environment.variable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;

/**
 * Greets whoever the query names. A request comes as environment variables (CGI), the answer goes
 * to standard output.
 */
public final class Hello {
  public static void main(String[] args) {
    String name = parameter(variable("QUERY_STRING", ""), "name", "world");
    String greeting = variable("GREETING", "Hello");
    String instance = variable("INSTANCE", "an unnamed instance");
    String answer =
        "Content-Type: text/plain; charset=utf-8\n\n"
            + (greeting + ", " + name + ", from Java\n")
            + ("Answered by " + instance + "\n");
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }

  /** The decoded value of a query's parameter; {@code otherwise} when it is missing or empty. */
  private static String parameter(String query, String name, String otherwise) {
    StringTokenizer pairs = new StringTokenizer(query, "&");
    while (pairs.hasMoreTokens()) {
      String pair = pairs.nextToken();
      if (pair.startsWith(name + "=") && pair.length() > name.length() + 1) {
        return decode(pair.substring(name.length() + 1));
      }
    }
    return otherwise;
  }

  /** Undoes percent-encoding. With Java's own URLDecoder the module was several times as large. */
  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escaped = c == '%' ? hexPair(text, i + 1) : -1;
      if (escaped >= 0) {
        bytes.write(escaped);
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  /** The value of two hexadecimal digits; negative when there are none. */
  private static int hexPair(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private Hello() {}
}
