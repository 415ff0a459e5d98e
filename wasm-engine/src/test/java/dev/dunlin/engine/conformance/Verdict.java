package dev.dunlin.engine.conformance;

import org.jspecify.annotations.Nullable;

/**
 * What became of one test, or of several that stand or fall together.
 *
 * @param name as the list of known failures has it
 * @param tests how many of the suite's own count this is
 * @param failure where, what was expected, what was found; null when it passed
 */
public record Verdict(String name, int tests, @Nullable String failure) {
  public static Verdict passed(String name) {
    return new Verdict(name, 1, null);
  }

  /** The same, of one more test that falls with it. */
  public Verdict withOneMore() {
    return new Verdict(name, tests + 1, failure);
  }

  public static Verdict failed(String name, String failure) {
    return new Verdict(name, 1, failure);
  }
}
