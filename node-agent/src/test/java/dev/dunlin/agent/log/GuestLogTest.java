package dev.dunlin.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static final GuestRun RUN = new GuestRun("ns", "shop", "shop-1", "uid-1");

  private static final LogLimits ONE_A_SECOND = new LogLimits(1, 1 << 20, 3, 100);

  @TempDir private Path disk;

  @SuppressWarnings("NullAway.Init")
  private LogStore store;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> dropped = new ArrayList<>();

  @Test
  void writesOneJsonObjectALine() throws IOException {
    GuestLog log = log(LogLimits.DEFAULT, out);

    write(log.begin(RUN).out(), "say \"hi\"\nü\n");
    log.close();

    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).toString())
        .isEqualTo(
            "{\"time\":\"2026-01-02T03:04:05Z\",\"namespace\":\"ns\",\"app\":\"shop\",\"instance\":\"shop-1\",\"stream\":\"stdout\",\"message\":\"say \\\"hi\\\"\"}");
    assertThat(lines.get(1).path("message").asText()).isEqualTo("ü");
  }

  @Test
  void linesBeyondTheRateAreDroppedCountedAndReportedOnce() throws IOException {
    GuestLog log = log(ONE_A_SECOND, out);

    write(log.begin(RUN).out(), "1\n2\n3\n4\n5\n");
    log.reportDropped();
    log.reportDropped();
    log.close();

    assertThat(lines().stream().map(line -> line.path("message").asText()))
        .containsExactly(
            "1",
            "2",
            "3",
            "2 lines of output dropped: the app writes more than 1 lines/s or 1,024 KiB/s");
    assertThat(dropped).containsExactly("ns/shop shop-1 2");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsWrittenIsKeptAndSoIsHowMuchIsMissing() throws Exception {
    GuestLog log = log(ONE_A_SECOND, out);

    RunOutput run = log.begin(RUN);
    write(run.err(), "1\n2\n3\n4\n5\n");
    log.reportDropped();
    log.close();
    store.close();

    var kept = new ByteArrayOutputStream();
    LogReader.of(store.find("ns", "shop-1").orElseThrow(), LogQuery.ALL, kept).read();
    assertThat(kept.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "1\n2\n3\n2 lines of output dropped: the app writes more than 1 lines/s or 1,024 KiB/s\n");
  }

  @Test
  void bytesAreLimitedAsTheLogHasThem() throws IOException {
    GuestLog log = log(new LogLimits(1_000, 1_000, 1, 200), out);

    // A zero byte is six bytes of JSON: \\u0000.
    write(log.begin(RUN).out(), "\0".repeat(100) + "\n" + "\0".repeat(100) + "\n");
    log.reportDropped();
    log.close();

    assertThat(dropped).containsExactly("ns/shop shop-1 1");
  }

  @Test
  void eachInstanceIsToldWhatItLost() throws IOException {
    GuestLog log = log(ONE_A_SECOND, out);

    write(log.begin(RUN).out(), "1\n2\n3\n4\n");
    write(log.begin(new GuestRun("ns", "shop", "shop-2", "uid-2")).out(), "5\n6\n");
    log.reportDropped();

    assertThat(dropped).containsExactlyInAnyOrder("ns/shop shop-1 1", "ns/shop shop-2 2");
    log.close();
  }

  @Test
  void oneAppsFloodTakesNothingFromAnother() throws IOException {
    GuestLog log = log(ONE_A_SECOND, out);

    write(log.begin(RUN).out(), "x\n".repeat(1_000));
    write(log.begin(new GuestRun("ns", "other", "other-1", "uid-2")).err(), "heard\n");
    log.close();

    assertThat(lines().stream().filter(line -> line.path("app").asText().equals("other")))
        .extracting(line -> line.path("message").asText())
        .containsExactly("heard");
  }

  @Test
  void aReaderThatTakesNothingMakesNoGuestWait() throws IOException, InterruptedException {
    var stuck = new CountDownLatch(1);
    var never =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            try {
              stuck.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    GuestLog log = log(new LogLimits(1_000_000, 1 << 30, 1, 100), never);

    write(log.begin(RUN).out(), "x\n".repeat(20_000));
    log.reportDropped();

    assertThat(dropped).hasSize(1);
    stuck.countDown();
    log.close();
  }

  private GuestLog log(LogLimits limits, OutputStream to) throws IOException {
    store = new LogStore(new LogFolders(disk), LogDisk.DEFAULT, CLOCK);
    return new GuestLog(
        limits,
        CLOCK,
        to,
        store,
        (namespace, app, instance, count) ->
            dropped.add(namespace + "/" + app + " " + instance + " " + count));
  }

  private List<JsonNode> lines() throws IOException {
    var nodes = new ArrayList<JsonNode>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
