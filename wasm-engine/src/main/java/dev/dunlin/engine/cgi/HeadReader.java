package dev.dunlin.engine.cgi;

import dev.dunlin.engine.HttpGuest.BadResponseException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Collects what a guest prints until the empty line that ends its headers. */
final class HeadReader {
  static final int MOST_BYTES = 64 << 10;

  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private boolean lineEmpty = true;
  private @Nullable ResponseHead head;

  /**
   * Takes bytes of the head from {@code bytes}.
   *
   * @return how many it took; if fewer than {@code length}, the head is complete and the rest is
   *     body
   * @throws BadResponseException when this is no head, or one that is too long
   */
  int take(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        if (lineEmpty) {
          head = ResponseHead.parse(withoutLastReturn());
          return i + 1;
        }
        lineEmpty = true;
      } else if (b != '\r') {
        lineEmpty = false;
      }
      block.write(b);
      if (block.size() > MOST_BYTES) {
        throw new BadResponseException(
            "expected headers of at most %,d bytes and an empty line, found no end to them"
                .formatted(MOST_BYTES));
      }
    }
    return length;
  }

  private byte[] withoutLastReturn() {
    var bytes = block.toByteArray();
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    return java.util.Arrays.copyOf(bytes, length);
  }

  @Nullable ResponseHead head() {
    return head;
  }

  /** What is wrong with a guest that ended before its head did. */
  BadResponseException incomplete() {
    var text = block.toString(StandardCharsets.ISO_8859_1);
    return new BadResponseException(
        text.isEmpty()
            ? "expected headers, an empty line and a body on standard output, found nothing"
            : "expected headers and an empty line before the body, found the end after \""
                + ResponseHead.shown(text)
                + "\"");
  }
}
