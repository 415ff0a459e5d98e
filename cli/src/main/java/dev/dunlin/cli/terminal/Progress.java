package dev.dunlin.cli.terminal;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far something is, drawn over itself in one line of a screen; where there is no screen,
 * nothing is drawn.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(80);
  private static final String FRAMES = "|/-\\";
  private static final String CLEAR = "\r\033[2K";

  private final Terminal terminal;
  private final String what;
  private long drawnAt;
  private int frame;
  private boolean drawn;

  public Progress(Terminal terminal, String what) {
    this.terminal = terminal;
    this.what = what;
  }

  /** So many bytes of so many. */
  public synchronized void at(long bytes, long total) {
    if (isDue(bytes >= total)) {
      draw(bar(what, bytes, total));
    }
  }

  /** It goes on; nobody knows how far it is. */
  public synchronized void at(String detail) {
    if (isDue(false)) {
      frame = (frame + 1) % FRAMES.length();
      draw(what + " " + FRAMES.charAt(frame) + " " + detail);
    }
  }

  /** A bar of so many bytes of so many. */
  static String bar(String what, long bytes, long total) {
    double share = total <= 0 ? 1 : Math.min(1, (double) bytes / total);
    int full = (int) (share * WIDTH);
    return "%s [%s%s] %3d%% %s of %s"
        .formatted(
            what,
            "=".repeat(full),
            " ".repeat(WIDTH - full),
            (int) (share * 100),
            Terminal.size(bytes),
            Terminal.size(total));
  }

  /** Draws while {@code work} lasts, and gives what it gives. */
  public <T> T during(Callable<T> work) throws Exception {
    @Nullable Thread painter =
        terminal.animated() ? Thread.ofVirtual().start(() -> paint(System.nanoTime())) : null;
    try {
      return work.call();
    } finally {
      if (painter != null) {
        painter.interrupt();
        painter.join();
      }
      close();
    }
  }

  private void paint(long since) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        at(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since) + " s");
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDue(boolean last) {
    return terminal.animated() && (last || !drawn || System.nanoTime() - drawnAt > REDRAW_NANOS);
  }

  private void draw(String line) {
    drawn = true;
    drawnAt = System.nanoTime();
    terminal.err().print(CLEAR + line);
    terminal.err().flush();
  }

  /** Takes the line away. */
  @Override
  public synchronized void close() {
    if (drawn) {
      terminal.err().print(CLEAR);
      terminal.err().flush();
      drawn = false;
    }
  }
}
