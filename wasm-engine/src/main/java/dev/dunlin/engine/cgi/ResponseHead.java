package dev.dunlin.engine.cgi;

import dev.dunlin.engine.HttpGuest.BadResponseException;
import dev.dunlin.engine.HttpHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Status and headers that a guest printed before its body (RFC 3875, 6.3). */
record ResponseHead(int status, List<HttpHeader> headers) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern STATUS = Pattern.compile("([2-5]\\d\\d)( .*)?");
  private static final int OK = 200;
  private static final int FOUND = 302;
  private static final int SHOWN_CHARS = 80;

  /** What the server between guest and client decides for its own connection. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /**
   * @param block the header lines, each with its line end, without the empty line after them
   * @throws BadResponseException when they are no headers
   */
  static ResponseHead parse(byte[] block) {
    var text = new String(block, StandardCharsets.ISO_8859_1);
    var headers = new ArrayList<HttpHeader>();
    int status = 0;
    boolean location = false;
    for (var line : text.isEmpty() ? List.<String>of() : List.of(text.split("\n"))) {
      var header = header(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
      var name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("status")) {
        status = status(header.value());
      } else if (!LEFT_OUT.contains(name)) {
        location |= name.equals("location");
        headers.add(header);
      }
    }
    if (headers.isEmpty() && status == 0) {
      throw new BadResponseException(
          "expected at least one header (such as Content-Type: text/plain) and an empty line"
              + " before the body, found an empty line at once");
    }
    return new ResponseHead(status != 0 ? status : location ? FOUND : OK, List.copyOf(headers));
  }

  private static HttpHeader header(String line) {
    int colon = line.indexOf(':');
    if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
      throw new BadResponseException(
          "expected a header line \"Name: value\", found \"" + shown(line) + "\"");
    }
    var value = line.substring(colon + 1).strip();
    if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw new BadResponseException(
          "expected no control characters in a header, found some in " + line.substring(0, colon));
    }
    return new HttpHeader(line.substring(0, colon), value);
  }

  private static int status(String value) {
    var match = STATUS.matcher(value);
    if (!match.matches()) {
      throw new BadResponseException(
          "expected \"Status:\" and a code from 200 to 599, found \"" + shown(value) + "\"");
    }
    return Integer.parseInt(match.group(1));
  }

  static String shown(String text) {
    var printable = text.replaceAll("[^ -~]", "?");
    return printable.length() > SHOWN_CHARS
        ? printable.substring(0, SHOWN_CHARS) + "..."
        : printable;
  }
}
