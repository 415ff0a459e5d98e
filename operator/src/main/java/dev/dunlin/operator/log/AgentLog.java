package dev.dunlin.operator.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one instance as it comes from its agent. Read by one thread; it can be closed by any.
 */
final class AgentLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLog.class);

  /** What is longer is passed on as several lines, so that nobody's line fills the memory. */
  private static final int LONGEST_LINE = 64 << 10;

  private final HttpClient connection;
  private final InputStream in;
  private final byte[] buffer = new byte[16 << 10];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int next;
  private int end;
  private boolean continues;
  private volatile long readAt = System.nanoTime();

  AgentLog(HttpClient connection, InputStream in) {
    this.connection = connection;
    this.in = in;
  }

  /** The next line of a log that was asked for with times; null after the last one. */
  @Nullable LogLine readLine() throws IOException {
    while (next < end || fill()) {
      byte b = buffer[next++];
      if (b == '\n') return taken(true);
      line.write(b);
      if (line.size() == LONGEST_LINE) return taken(false);
    }
    return line.size() == 0 ? null : taken(true);
  }

  /** All of it, as it is. */
  void copyTo(OutputStream out) throws IOException {
    in.transferTo(out);
  }

  /** When something came the last time, by System.nanoTime. */
  long readAt() {
    return readAt;
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(buffer));
    readAt = System.nanoTime();
    return end > 0;
  }

  private LogLine taken(boolean whole) {
    byte[] all = line.toByteArray();
    line.reset();
    int space = continues ? -1 : indexOfSpace(all);
    continues = !whole;
    return space < 0
        ? new LogLine("", all)
        : new LogLine(
            new String(all, 0, space, StandardCharsets.US_ASCII),
            Arrays.copyOfRange(all, space + 1, all.length));
  }

  private static int indexOfSpace(byte[] text) {
    for (int i = 0; i < text.length; i++) if (text[i] == ' ') return i;
    return -1;
  }

  @Override
  public void close() {
    connection.shutdownNow(); // which ends a read under way, in whatever thread
    try {
      in.close();
    } catch (IOException e) {
      LOG.debug("A connection to an agent was broken already: {}", e.toString());
    }
  }
}
