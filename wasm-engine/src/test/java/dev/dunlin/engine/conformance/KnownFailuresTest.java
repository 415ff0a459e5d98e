package dev.dunlin.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists of known failures may only shrink. */
class KnownFailuresTest {
  @TempDir Path temp;

  private KnownFailures list(String text) throws IOException {
    return KnownFailures.read(Files.writeString(temp.resolve("suite.txt"), text));
  }

  @Test
  void whatIsAsKnownIsNoSurprise() throws IOException {
    var known = list("# of the suite\n\nnan:3,7  quiet bits\nlinks  none here\n");

    assertThat(
            known.surprises(
                List.of(
                    Verdict.failed("nan:3", "found 1"),
                    Verdict.passed("nan:5"),
                    Verdict.failed("nan:7", "found 2"),
                    Verdict.failed("links", "ENOTSUP"))))
        .isEmpty();
  }

  @Test
  void aNewFailureIsASurprise() throws IOException {
    assertThat(
            list("a:1  known")
                .surprises(List.of(Verdict.failed("a:1", "x"), Verdict.failed("a:2", "y"))))
        .containsExactly("fails and is not in suite.txt: a:2: y");
  }

  @Test
  void whatPassesHasToLeaveTheList() throws IOException {
    assertThat(
            list("a:1,2  known")
                .surprises(List.of(Verdict.failed("a:1", "x"), Verdict.passed("a:2"))))
        .containsExactly("passes, so take it out of suite.txt: a:2");
  }

  @Test
  void whatIsNoTestAnyMoreHasToLeaveTheList() throws IOException {
    assertThat(list("gone  known").surprises(List.of(Verdict.passed("a"))))
        .containsExactly("fails no more, so take it out of suite.txt: gone");
  }

  @Test
  void anEntryWithoutReasonIsRefused() {
    assertThatThrownBy(() -> list("a:1")).hasMessageContaining("expected NAME REASON");
    assertThatThrownBy(() -> list("a:1  x\na:1,2  y")).hasMessageContaining("found again: a:1");
  }

  @Test
  void failuresAreWrittenAsTheListThatKnowsThem() throws IOException {
    var known = list("a:1,2  known\nb  too");
    var verdicts =
        List.of(
            Verdict.failed("a:1", "x"),
            Verdict.failed("a:2", "x"),
            Verdict.failed("b", "x"),
            Verdict.failed("c:9", "found 1"));

    assertThat(known.rewritten(verdicts))
        .isEqualTo("a:1,2  known\nb  too\nc:9  TELL WHY: found 1\n");
    assertThat(list(known.rewritten(verdicts)).surprises(verdicts)).isEmpty();
  }
}
