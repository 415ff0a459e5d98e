package dev.dunlin.agent.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Helidon (4.5.0) reads requests from. It takes a chunk of a body into memory whole, however
 * large, and a line of its size or of a trailer however long; here a large chunk looks like many
 * small ones, and lines have an end. A header that is too large is answered 431. Chunk extensions
 * and trailers are left out (RFC 9112, 7.1.1 and 7.1.2 allow it).
 */
final class RequestReader extends DataReader {
  /** Not to be met by what is left for a header, which Helidon gives as a bound in the same way. */
  static final int LONGEST_REQUEST_LINE = (8 << 10) + 191;

  private static final Status TOO_LARGE = Status.create(431, "Request Header Fields Too Large");
  private static final int LARGEST_CHUNK = 32 << 10;
  private static final int LONGEST_LINE = 4 << 10;
  private static final int MOST_TRAILERS = 64;

  /** What is left of the chunk that is being read. */
  private long left;

  /** Whether (a part of) a chunk has just been read. */
  private boolean inChunk;

  /** Whether the last chunk's size has been read, so that trailers follow. */
  private boolean atTrailers;

  /**
   * @param in null is the end
   */
  // The only constructors there are (DataReader is to be an interface), and they know no @Nullable.
  @SuppressWarnings({"removal", "NullAway"})
  RequestReader(Supplier<byte @Nullable []> in) {
    super(in);
  }

  /** A name of a header field, or a line without one. */
  @Override
  public int findOrNewLine(byte end, int most) {
    int found = withinHead(super.findOrNewLine(end, most), most);
    if (found == 0) {
      throw bad("a header field has no name");
    }
    return found;
  }

  /** The first line of a request, or a value of a header field. */
  @Override
  public int findNewLine(int most) {
    int found = super.findNewLine(most);
    return most == LONGEST_REQUEST_LINE ? found : withinHead(found, most);
  }

  private static int withinHead(int found, int most) {
    if (found >= most) {
      throw RequestException.builder()
          .type(DirectHandler.EventType.BAD_REQUEST)
          .status(TOO_LARGE)
          .message("the request's header is too large")
          .build();
    }
    return found;
  }

  /** Helidon reads sizes of chunks in this way, and what follows the last one, and nothing else. */
  @Override
  public String readLine() {
    if (atTrailers) {
      atTrailers = false;
      skipTrailers();
      return "";
    }
    if (left == 0) {
      left = sizeOf(line());
      atTrailers = left == 0;
    }
    return Long.toHexString(Math.min(left, LARGEST_CHUNK));
  }

  @Override
  public BufferData readBuffer(int length) {
    BufferData read = getBuffer(length);
    super.skip(length);
    inChunk = left > 0;
    left = Math.max(0, left - length);
    return read;
  }

  /** After a part of a chunk there is no end of line. */
  @Override
  public void skip(int length) {
    if (inChunk) {
      inChunk = false;
      if (left == 0) {
        endChunk();
      }
    } else {
      super.skip(length);
    }
  }

  private void endChunk() {
    if (!startsWithNewLine()) {
      throw bad("a chunk is longer than its size says");
    }
    super.skip(2);
  }

  private void skipTrailers() {
    int trailers = 0;
    while (!line().isEmpty()) {
      if (++trailers > MOST_TRAILERS) {
        throw bad("the request has more than " + MOST_TRAILERS + " trailers");
      }
    }
  }

  private String line() {
    int length = super.findNewLine(LONGEST_LINE);
    if (length >= LONGEST_LINE) {
      throw bad("a line of the request's body is longer than " + LONGEST_LINE + " bytes");
    }
    String line = length == 0 ? "" : readAsciiString(length);
    super.skip(2);
    return line;
  }

  private static long sizeOf(String line) {
    int extension = line.indexOf(';');
    String size = (extension < 0 ? line : line.substring(0, extension)).stripTrailing();
    if (size.isEmpty() || size.length() > 15 || !size.chars().allMatch(RequestReader::isHex)) {
      throw bad("a chunk's size is no number");
    }
    return Long.parseLong(size, 16);
  }

  private static boolean isHex(int c) {
    return Character.digit(c, 16) >= 0 && c < 0x80;
  }

  private static RequestException bad(String message) {
    return RequestException.builder()
        .type(DirectHandler.EventType.BAD_REQUEST)
        .message(message)
        .build();
  }
}
