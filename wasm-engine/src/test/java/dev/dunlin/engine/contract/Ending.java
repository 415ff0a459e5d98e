package dev.dunlin.engine.contract;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a hostile module may end, as its source says in its first line: {@code ;; ends: } and one of
 * {@code Exited(0)}, {@code Trapped(UNREACHABLE)}, {@code Trapped} (of any kind), {@code
 * OutOfMemory}, {@code DeadlineExceeded}, {@code Refused(INVALID)}; or more than one, with a bar
 * between, where engines may differ. {@code ;; refused: INVALID} is short for a refusal.
 */
record Ending(List<String> words) {
  private static final Pattern LINE = Pattern.compile(";; (ends|refused): (.+)");

  static Ending of(Path wat) throws IOException {
    var first = Files.readAllLines(wat).getFirst();
    var line = LINE.matcher(first);
    if (!line.matches()) {
      throw new IllegalArgumentException(
          "%s: expected a first line like \";; ends: Exited(0)\", found \"%s\""
              .formatted(wat, first));
    }
    boolean refused = line.group(1).equals("refused");
    return new Ending(
        Pattern.compile(" \\| ")
            .splitAsStream(line.group(2))
            .map(word -> refused ? "Refused(" + word + ")" : word)
            .toList());
  }

  boolean isAtTheDeadline() {
    return words.contains("DeadlineExceeded");
  }

  boolean allows(String word) {
    return words.stream()
        .anyMatch(allowed -> word.equals(allowed) || word.startsWith(allowed + "("));
  }

  static String word(ModuleRefusedException refusal) {
    return "Refused(" + refusal.reason() + ")";
  }

  static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited(int code) -> "Exited(" + code + ")";
      case Outcome.Trapped(var kind, var message) -> "Trapped(" + kind + ")";
      case Outcome.OutOfMemory ignored -> "OutOfMemory";
      case Outcome.DeadlineExceeded ignored -> "DeadlineExceeded";
      case Outcome.CpuTimeExceeded ignored -> "CpuTimeExceeded";
      case Outcome.Cancelled() -> "Cancelled";
    };
  }
}
