package dev.dunlin.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The right-hand sides are what Go's strconv.Quote gives. */
class GoQuoteTest {
  @Test
  void aTextIsWrittenAsGoWritesIt() {
    assertThat(GoQuote.of("plain")).isEqualTo("\"plain\"");
    assertThat(GoQuote.of("")).isEqualTo("\"\"");
    assertThat(GoQuote.of("say \"hi\" \\o/")).isEqualTo("\"say \\\"hi\\\" \\\\o/\"");
    assertThat(GoQuote.of("a\nb\tc\r\u0007\b\f\u000b")).isEqualTo("\"a\\nb\\tc\\r\\a\\b\\f\\v\"");
    assertThat(GoQuote.of("\u0000\u001b\u007f")).isEqualTo("\"\\x00\\x1b\\x7f\"");
    assertThat(GoQuote.of("grün ☺ 😀")).isEqualTo("\"grün ☺ 😀\"");
    assertThat(GoQuote.of("\u00a0\u00ad\u2028\ufeff"))
        .isEqualTo("\"\\u00a0\\u00ad\\u2028\\ufeff\"");
    assertThat(GoQuote.of(Character.toString(0xe0001))).isEqualTo("\"\\U000e0001\"");
  }
}
