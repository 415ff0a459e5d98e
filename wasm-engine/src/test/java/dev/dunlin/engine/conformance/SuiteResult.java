package dev.dunlin.engine.conformance;

import java.util.List;

/**
 * What an engine made of a suite.
 *
 * @param suite as the page names it
 * @param key names the list of known failures
 */
record SuiteResult(String suite, String engine, String key, List<Verdict> verdicts) {
  private static final String REFUSED = ":refused";

  int tests() {
    return count(verdicts);
  }

  int passed() {
    return count(verdicts.stream().filter(verdict -> verdict.failure() == null).toList());
  }

  /** Tests of modules that the engine refuses at load for a feature that it says it lacks. */
  int refused() {
    return count(verdicts.stream().filter(SuiteResult::isRefusal).toList());
  }

  int failed() {
    return tests() - passed() - refused();
  }

  private static boolean isRefusal(Verdict verdict) {
    return verdict.name().endsWith(REFUSED);
  }

  private static int count(List<Verdict> verdicts) {
    return verdicts.stream().mapToInt(Verdict::tests).sum();
  }

  @Override
  public String toString() {
    return "%s on %s: %,d tests, %,d passed, %,d refused, %,d failed"
        .formatted(suite, engine, tests(), passed(), refused(), failed());
  }
}
