package dev.dunlin.cli.terminal;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads from and prints to. Results go to {@code out}; what is said meanwhile goes
 * to {@code err}.
 *
 * @param animated whether progress may be drawn over itself: standard error is a screen
 * @param ended counts down when the user has had enough (Ctrl-C)
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, boolean animated, CountDownLatch ended) {

  /** That of this process. */
  @SuppressWarnings("SystemConsoleNull") // It is, where a stream is redirected.
  public static Terminal ofProcess() {
    @Nullable Console console = System.console();
    boolean screen =
        console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(System.in, System.out, System.err, screen, new CountDownLatch(1));
  }

  /** One that is no screen, for what another program reads. */
  public static Terminal of(InputStream in, PrintStream out, PrintStream err) {
    return new Terminal(in, out, err, false, new CountDownLatch(1));
  }

  /** A line of the result. */
  public void print(String line) {
    out.print(line + "\n");
    out.flush();
  }

  /** A line for who watches. */
  public void say(String line) {
    err.print(line + "\n");
    err.flush();
  }

  /** The bytes of a result, as they are. */
  public void write(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /** Bytes in words: 264 KB. */
  public static String size(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    if (bytes < 1_000_000) {
      return Math.round(bytes / 1e3) + " KB";
    }
    return String.format(java.util.Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** A text of its own bytes. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
