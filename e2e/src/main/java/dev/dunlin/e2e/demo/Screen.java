package dev.dunlin.e2e.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * What the viewer reads: numbered steps with the time since the start, colour on a terminal only.
 */
final class Screen {
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream out;
  private final boolean colour;
  private final long start = System.nanoTime();
  private int step;

  Screen(PrintStream out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  void step(String title) {
    step++;
    out.println();
    out.println(paint(BOLD, step + ". " + title) + "  " + paint(DIM, elapsed()));
  }

  void say(String text) {
    text.lines().forEach(line -> out.println("   " + line));
  }

  /** A command that the viewer could type to see the same. */
  void command(String command) {
    out.println("   " + paint(DIM, "$ ") + command);
  }

  /** What is seen, with the moment when it was. */
  void seen(String text) {
    String time = elapsed();
    boolean first = true;
    for (String line : text.lines().toList()) {
      out.println(paint(DIM, "%9s  ".formatted(first ? time : "")) + line);
      first = false;
    }
  }

  void good(String text) {
    out.println("   " + paint(GREEN, "ok") + " " + text);
  }

  void done() {
    out.println();
    out.println(paint(GREEN, "All as shown") + ", in " + elapsed());
  }

  void failed(String text) {
    out.println();
    out.println(paint(RED, "Not so: ") + text);
  }

  String elapsed() {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0);
  }

  private String paint(String code, String text) {
    return colour ? code + text + PLAIN : text;
  }
}
