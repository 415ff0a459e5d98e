package dev.dunlin.e2e.bench.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramLogsTest {
  @TempDir Path folder;

  @Test
  void aStepCountsFromWhenItWasFirstSaid() throws IOException {
    Path operator =
        Files.writeString(
            folder.resolve("operator.log"),
            """
            1970-01-01T00:00:01.000Z Received event: Event{relatedCustomResource=ResourceID{name='a', namespace='n'}}
            1970-01-01T00:00:02.000Z Received event: Event{relatedCustomResource=ResourceID{name='a', namespace='n'}}
            """);
    Path agent =
        Files.writeString(
            folder.resolve("agent.log"),
            """
            OpenJDK 64-Bit Server VM warning: whatever
            {"time":"1970-01-01T00:00:03.000007Z","level":"DEBUG","message":"a-1: FETCHING -> FETCHING (Begun[])"}
            {"time":"1970-01-01T00:00:04Z","level":"DEBUG","message":"b-1: FETCHING -> FETCHING (Begun[])"}
            {"time":"1970-01-01T00:00:05Z","level":"DEBUG","message":"a-1: STARTING -> RUNNING (Started[at=1970-01-01T00:00:05Z])"}
            """);

    Map<String, Long> found = new ProgramLogs(operator, agent).of("a", "a-1");

    assertThat(found)
        .isEqualTo(
            Map.of(
                "operator saw it",
                1_000_000L,
                "agent saw it",
                3_000_007L,
                "port open",
                5_000_000L));
  }
}
