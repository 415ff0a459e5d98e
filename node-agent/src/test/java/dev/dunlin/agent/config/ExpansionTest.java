package dev.dunlin.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
  /** The cases of Kubernetes' own expansion_test.go that differ from each other. */
  @ParameterizedTest
  @CsvSource({
    "$(A), a",
    "x-$(A)-$(B)-y, x-a-b-y",
    "$(UNKNOWN), $(UNKNOWN)",
    "$$(A), $(A)",
    "$$$(A), $a",
    "$$$$(A), $$(A)",
    "$A, $A",
    "$, $",
    "foo$, foo$",
    "$(A, $(A",
    "$(), $()",
    "$($(A)), $($(A))",
    "A)$(B), A)b",
    "$(E), ''",
  })
  void replacesAsAPodDoes(String text, String expected) {
    assertThat(Expansion.of(text, Map.of("A", "a", "B", "b", "E", ""))).isEqualTo(expected);
  }
}
