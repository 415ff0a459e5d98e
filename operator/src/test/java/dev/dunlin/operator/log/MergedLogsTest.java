package dev.dunlin.operator.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MergedLogsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static AgentLog log(String text) {
    return new AgentLog(
        HttpClient.newHttpClient(),
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void merge(LogSink sink, AgentLog... logs) throws IOException {
    try (var merged = new MergedLogs()) {
      for (int i = 0; i < logs.length; i++) merged.add("i" + i, logs[i]);
      merged.writeTo(sink);
    }
  }

  @Test
  void linesComeInTheOrderOfTheirTimes() throws IOException {
    merge(
        new LogSink(out, true, false),
        log("2026-01-02T12:00:01Z a\n2026-01-02T12:00:04Z b c\n"),
        log("2026-01-02T12:00:02Z d\n2026-01-02T12:00:03Z \n"));

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[i0] a\n[i1] d\n[i1] \n[i0] b c\n");
  }

  @Test
  void timesAreShownToWhoWantsThem() throws IOException {
    merge(new LogSink(out, false, true), log("2026-01-02T12:00:01Z a\n"));

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("2026-01-02T12:00:01Z a\n");
  }

  @Test
  void aLineThatFillsTheMemoryIsPassedOnInPieces() throws IOException {
    String flood = "x".repeat(200_000);

    merge(new LogSink(out, false, true), log("2026-01-02T12:00:01Z " + flood + "\n"));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .hasSize(4)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(64 << 10));
    assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("^.*Z |\n", "")).isEqualTo(flood);
  }
}
