package dev.dunlin.operator.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.operator.image.Resolution.Resolved;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static KeptRevision kept(String template, long number) {
    return new KeptRevision(
        "ns",
        "app",
        "uid",
        template,
        number,
        Optional.of(new Resolved("image@sha256:" + template, List.of())),
        "{}");
  }

  private final History history = new History(List.of(kept("c", 3), kept("a", 1), kept("b", 2)));

  @Test
  void aNewTemplateGetsTheNextNumber() {
    assertThat(history.rollOut(kept("d", 0)).number()).isEqualTo(4);
    assertThat(History.NONE.rollOut(kept("a", 0)).number()).isEqualTo(1);
  }

  @Test
  void aTemplateThatIsRolledOutAgainBecomesTheNewestWithTheImageThatItHad() {
    var again = history.rollOut(new KeptRevision("ns", "app", "uid", "a", 0, Optional.empty(), ""));

    assertThat(again.number()).isEqualTo(4);
    assertThat(again.image()).isEqualTo(kept("a", 1).image());
  }

  @Test
  void theNewestIsTheOneWithTheHighestNumber() {
    assertThat(history.isNewest("c")).isTrue();
    assertThat(history.isNewest("a")).isFalse();
    assertThat(History.NONE.isNewest("a")).isFalse();
  }

  @Test
  void theOldestBeyondTheLimitAreSurplus() {
    assertThat(history.surplus("c", 1, it -> false))
        .extracting(KeptRevision::template)
        .containsExactly("a");
    assertThat(history.surplus("c", 0, it -> false))
        .extracting(KeptRevision::template)
        .containsExactly("a", "b");
    assertThat(history.surplus("c", 2, it -> false)).isEmpty();
  }

  @Test
  void whatInstancesStillRunIsNeverSurplus() {
    assertThat(history.surplus("c", 0, "a"::equals))
        .extracting(KeptRevision::template)
        .containsExactly("b");
  }

  @Test
  void whatInstancesStillRunTakesNoPlaceOfWhatCouldBeRolledBackTo() {
    assertThat(history.surplus("c", 1, "a"::equals)).isEmpty();
  }
}
