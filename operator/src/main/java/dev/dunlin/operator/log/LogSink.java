package dev.dunlin.operator.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Where the lines of several instances go, one whole line after the other. */
final class LogSink {
  private final OutputStream out; // guarded by this
  private final boolean prefix;
  private final boolean timestamps;

  LogSink(OutputStream out, boolean prefix, boolean timestamps) {
    this.out = out;
    this.prefix = prefix;
    this.timestamps = timestamps;
  }

  /** Passes a line on; says how many bytes of the limit it takes. */
  synchronized long line(String instance, LogLine line, long limit) throws IOException {
    if (prefix) out.write(ascii("[" + instance + "] "));
    byte[] time = timestamps && !line.time().isEmpty() ? ascii(line.time() + " ") : new byte[0];
    int some = (int) Math.min(time.length, limit);
    out.write(time, 0, some);
    int more = (int) Math.min(line.text().length, limit - some);
    out.write(line.text(), 0, more);
    out.write('\n');
    return some + more + 1L;
  }

  /** Says something about an instance's log. */
  synchronized void note(String instance, String text) throws IOException {
    out.write(("[" + instance + "] (dunlin) " + text + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  synchronized void flush() throws IOException {
    out.flush();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
