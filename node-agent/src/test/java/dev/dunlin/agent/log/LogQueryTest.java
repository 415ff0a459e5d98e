package dev.dunlin.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogQueryTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void nothingAskedIsAllThereIs() {
    assertThat(LogQuery.parse(Map.of("other", List.of("x")), NOW)).isEqualTo(LogQuery.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          follow       | perhaps | follow: expected true or false, found "perhaps"
          tailLines    | -1      | tailLines: expected a number of 0 or more, found "-1"
          limitBytes   | 0       | limitBytes: expected a number of 1 or more, found "0"
          sinceSeconds | 1h      | sinceSeconds: expected a number of 1 or more, found "1h"
          sinceTime    | today   | sinceTime: expected a time as in RFC 3339, found "today"
          """)
  void whatCannotBeMeantIsRefused(String name, String value, String message) {
    assertThatThrownBy(() -> LogQuery.parse(Map.of(name, List.of(value)), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void twoBeginningsAreRefusedAsThePodsLogRefusesThem() {
    var both = Map.of("sinceSeconds", List.of("5"), "sinceTime", List.of("2026-01-02T11:00:00Z"));

    assertThatThrownBy(() -> LogQuery.parse(both, NOW))
        .hasMessage("at most one of `sinceTime` or `sinceSeconds` may be specified");
  }
}
