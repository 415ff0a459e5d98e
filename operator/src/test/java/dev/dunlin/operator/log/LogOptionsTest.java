package dev.dunlin.operator.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogOptionsTest {
  @Test
  void whatIsOfAnInstanceIsPassedOnToItsAgent() {
    var options =
        LogOptions.parse(
            Map.of(
                "tailLines", List.of("5"),
                "sinceTime", List.of("2026-01-02T12:00:00+01:00"),
                "follow", List.of("true"),
                "instance", List.of("a-1"),
                "other", List.of("x")));

    assertThat(options.ask().query().split("&"))
        .containsExactlyInAnyOrder(
            "tailLines=5",
            "sinceTime=2026-01-02T12%3A00%3A00%2B01%3A00",
            "follow=true",
            "previous=false",
            "timestamps=false");
    assertThat(options.instance()).hasValue("a-1");
    assertThat(options.prefix()).isEmpty();
  }

  @Test
  void aRunThatIsOverIsNotFollowed() {
    var options = LogOptions.parse(Map.of("follow", List.of(""), "previous", List.of("true")));

    assertThat(options.follows()).isFalse();
    assertThat(options.ask().query()).contains("follow=false").contains("previous=true");
  }

  @Test
  void readingGoesOnAfterALineAndNotWithTheLastOnes() {
    var ask = LogOptions.parse(Map.of("tailLines", List.of("5"))).ask();

    assertThat(ask.since(Instant.parse("2026-01-02T12:00:00.000000001Z")).query())
        .contains("sinceTime=2026-01-02T12%3A00%3A00.000000001Z")
        .doesNotContain("tailLines");
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
    assertThatThrownBy(() -> LogOptions.parse(Map.of(name, List.of(value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
