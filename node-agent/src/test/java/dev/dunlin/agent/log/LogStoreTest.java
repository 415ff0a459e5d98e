package dev.dunlin.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final GuestRun CART = new GuestRun("shop", "cart", "cart-1", "u1");

  @TempDir private Path disk;

  @SuppressWarnings("NullAway.Init")
  private LogStore store;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(LogDisk limits) throws IOException {
    store =
        new LogStore(
            new LogFolders(disk), limits, Clock.fixed(NOON.plusSeconds(100), ZoneOffset.UTC));
  }

  /** Lines "FROM" to "TO", one a second from noon on. */
  private static void write(RunLog run, int from, int to) {
    IntStream.rangeClosed(from, to)
        .forEach(i -> run.line(NOON.plusSeconds(i), "stdout", String.valueOf(i), true));
  }

  private String read(String... query) throws Exception {
    var out = new ByteArrayOutputStream();
    var parameters = new HashMap<String, List<String>>();
    Stream.of(query)
        .map(part -> part.split("=", 2))
        .forEach(part -> parameters.put(part[0], List.of(part[1])));
    LogReader.of(cart(), LogQuery.parse(parameters, NOON.plusSeconds(100)), out).read();
    return out.toString(StandardCharsets.UTF_8);
  }

  private InstanceLog cart() {
    return store.find("shop", "cart-1").orElseThrow();
  }

  @Test
  void aRunIsReadWithTimesFromATimeOnFromTheEndAndUpToASize() throws Exception {
    open(LogDisk.DEFAULT);
    RunLog run = store.begin(CART);
    write(run, 1, 9);
    run.end();
    await().until(() -> cart().hasEnded(0));

    assertThat(read()).isEqualTo("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    assertThat(read("tailLines=2")).isEqualTo("8\n9\n");
    assertThat(read("tailLines=0")).isEmpty();
    assertThat(read("tailLines=50")).hasLineCount(9);
    assertThat(read("sinceTime=2026-01-02T12:00:08Z")).isEqualTo("8\n9\n");
    assertThat(read("sinceTime=2026-01-02T13:00:07.5+01:00")).isEqualTo("8\n9\n");
    assertThat(read("sinceSeconds=92")).isEqualTo("8\n9\n");
    assertThat(read("limitBytes=3")).isEqualTo("1\n2");
    assertThat(read("tailLines=1", "timestamps=true"))
        .isEqualTo("2026-01-02T12:00:09.000000000Z 9\n");
  }

  @Test
  void piecesOfALineAreOneLineAgain() throws Exception {
    open(LogDisk.DEFAULT);
    RunLog run = store.begin(CART);
    run.line(NOON, "stderr", "a ", false);
    run.line(NOON, "stderr", "b ", false);
    run.line(NOON, "stderr", "c", true);
    run.line(NOON, "stderr", "d", true);
    run.end();
    await().until(() -> cart().hasEnded(0));

    assertThat(read("timestamps=true"))
        .isEqualTo("2026-01-02T12:00:00.000000000Z a b c\n2026-01-02T12:00:00.000000000Z d\n");
  }

  @Test
  void onlyTheRunBeforeIsKept() throws Exception {
    open(LogDisk.DEFAULT);
    for (int i = 0; i < 3; i++) {
      RunLog run = store.begin(CART);
      write(run, i, i);
      run.end();
    }
    await().until(() -> cart().hasEnded(2));

    assertThat(read()).isEqualTo("2\n");
    assertThat(read("previous=true")).isEqualTo("1\n");
    assertThat(files()).hasSize(2);
  }

  @Test
  void aRunHasSoManyFilesAndItsLastLines() throws Exception {
    open(new LogDisk(1_000, 3, 1 << 20, Duration.ZERO));
    RunLog run = store.begin(CART);
    write(run, 10_001, 11_000);
    run.end();
    await().until(() -> cart().hasEnded(0));

    assertThat(files()).hasSize(3).allSatisfy(f -> assertThat(Files.size(f)).isLessThan(1_100));
    assertThat(read().lines().toList())
        .hasSizeBetween(45, 75)
        .endsWith("10999", "11000")
        .isSorted();
    assertThat(store.bytes()).isEqualTo(cart().bytes()).isEqualTo(sizeOnDisk());
    assertThat(read("tailLines=40").lines().toList()).hasSize(40).endsWith("11000");
  }

  @Test
  void whoWritesMostGivesWayWhenTheDiskIsShort() throws Exception {
    open(new LogDisk(1_000, 100, 5_000, Duration.ZERO));
    RunLog quiet = store.begin(CART);
    quiet.line(NOON, "stdout", "still here", true);
    quiet.end();
    RunLog loud = store.begin(new GuestRun("shop", "loud", "loud-1", "u2"));
    write(loud, 10_001, 11_000);
    loud.end();
    await().until(() -> store.find("shop", "loud-1").orElseThrow().hasEnded(0));

    await().until(() -> store.bytes() <= 5_000);
    assertThat(read()).isEqualTo("still here\n");
    assertThat(sizeOnDisk()).isEqualTo(store.bytes()).isGreaterThan(3_000);
  }

  @Test
  void anAgentThatComesBackGoesOnWithWhatIsThere() throws Exception {
    open(LogDisk.DEFAULT);
    RunLog run = store.begin(CART);
    write(run, 1, 3);
    store.close();
    Files.writeString(files().getFirst(), "2026-01-02T12:00:04.0", StandardOpenOption.APPEND);

    open(LogDisk.DEFAULT);
    assertThat(read()).as("a line that was cut short is no line").isEqualTo("1\n2\n3\n");
    RunLog next = store.begin(CART);
    write(next, 5, 5);
    next.end();
    await().until(() -> cart().hasEnded(1));

    assertThat(read()).isEqualTo("5\n");
    assertThat(read("previous=true")).isEqualTo("1\n2\n3\n");
  }

  @Test
  void aLogGoesAWhileAfterItsInstance() throws Exception {
    open(new LogDisk(1_000, 1, 1_000, Duration.ZERO));
    write(store.begin(CART), 1, 1);
    await().until(() -> !files().isEmpty());

    store.retain(Set.of("u1"));
    store.retain(Set.of());
    assertThat(cart().hasEnded(0)).as("nothing follows it any more").isTrue();
    await()
        .until(() -> {
          store.retain(Set.of());
          return store.size() == 0;
        });

    await().until(this::nothingIsLeft);
    assertThat(store.bytes()).isZero();
  }

  @Test
  void whoFollowsSeesWhatIsWrittenUntilTheRunEnds() throws Exception {
    open(new LogDisk(200, 3, 10_000, Duration.ZERO));
    RunLog run = store.begin(CART);
    write(run, 1, 2);
    var out = new ByteArrayOutputStream();
    var query = LogQuery.parse(Map.of("follow", List.of("true")), NOON);
    var reading =
        Thread.ofVirtual()
            .start(() -> {
              try {
                LogReader.of(cart(), query, out).read();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    for (int i = 3; i <= 40; i++) {
      int line = i;
      write(run, line, line);
      await().until(() -> out.toString(StandardCharsets.UTF_8).endsWith("\n" + line + "\n"));
    }
    assertThat(reading.isAlive()).isTrue();
    run.end();

    assertThat(reading.join(Duration.ofSeconds(10))).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .isEqualTo(IntStream.rangeClosed(1, 40).mapToObj(String::valueOf).toList());
  }

  @Test
  void tenThousandIdleLogsHaveNoFileOpen() throws Exception {
    open(LogDisk.DEFAULT);
    for (int i = 0; i < 10_000; i++) {
      store
          .begin(new GuestRun("shop", "cart", "cart-" + i, "u-" + i))
          .line(NOON, "stdout", "hello", true);
    }

    // Closing alone waits for a slow disk for a moment only.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> store.bytes() + store.dropped() * 46 == 10_000 * 46);

    assertThat(store.size()).isEqualTo(10_000);
    assertThat(openFilesBelow(disk)).isZero();
  }

  private boolean nothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(disk)) {
      return left.findAny().isEmpty();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(disk)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private long sizeOnDisk() throws IOException {
    long size = 0;
    for (Path file : files()) {
      size += Files.size(file);
    }
    return size;
  }

  private static long openFilesBelow(Path folder) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(
              fd -> {
                try {
                  return Files.readSymbolicLink(fd).startsWith(folder);
                } catch (IOException closedMeanwhile) {
                  return false;
                }
              })
          .count();
    }
  }
}
