package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Modules that each try one escape or one exhaustion (src/test/hostile). What ends each is what its
 * first line says; a neighbour answers meanwhile and afterwards; memory, threads and descriptors
 * come back.
 */
@Timeout(60)
public abstract class HostileContract extends EngineContract {
  private static final Path SOURCES = Path.of("src/test/hostile");
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Limits TIGHT = Limits.defaults().withMemoryBytes(16 << 20).withOpenFiles(20);

  private Path data;
  private Path config;
  private Neighbour neighbour;

  /** Bytes that the engine holds for guests now; where an engine cannot tell, 0. */
  protected long heldBytes() {
    return 0;
  }

  static Stream<String> modules() throws IOException {
    try (var files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".wat"))
          .map(name -> name.substring(0, name.length() - ".wat".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @BeforeEach
  void makeTheHouse() throws Exception {
    Files.writeString(temp.resolve("secret"), "secret");
    data = Files.createDirectories(temp.resolve("data"));
    config = Files.createDirectories(temp.resolve("config"));
    Files.writeString(config.resolve("app.conf"), "colour=blue");
    Files.writeString(data.resolve("file"), "content");
    Files.createDirectory(data.resolve("sub"));
    Files.createSymbolicLink(data.resolve("out"), Path.of("../secret"));
    Files.createSymbolicLink(data.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(data.resolve("out-of-sub"), Path.of("sub/../.."));
    Files.createSymbolicLink(data.resolve("abs"), temp.resolve("secret").toAbsolutePath());
    Files.createSymbolicLink(data.resolve("loop"), Path.of("loop"));
    neighbour = new Neighbour(shared("echo"));
  }

  @AfterEach
  void closeTheHouse() throws Exception {
    neighbour.close();
    // By a tool that goes down step by step: a guest may have made folders deeper than any path.
    var removal = new ProcessBuilder("rm", "-rf", data.toString(), config.toString()).start();
    assertThat(removal.waitFor()).isZero();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aHostileModuleEndsAsItSaysAndLeavesNothing(String name) throws Exception {
    var ending = Ending.of(SOURCES.resolve(name + ".wat"));
    var outside = outside();
    perform("unreachable", TIGHT.withDeadline(PATIENCE)); // what is made once is there now
    neighbour.answers();
    var before = Resources.now();
    long heldBefore = heldBytes();

    var ended = perform(name, TIGHT.withDeadline(ending.isAtTheDeadline() ? SOON : PATIENCE));

    assertThat(ending.allows(ended)).as("expected %s, found %s", ending.words(), ended).isTrue();
    neighbour.answers();
    assertThat(outside()).isEqualTo(outside);
    await()
        .pollInSameThread()
        .untilAsserted(() -> assertThat(Resources.now().beyond(before)).isEmpty());
    await().pollInSameThread().until(() -> heldBytes() <= heldBefore);
  }

  @Test
  void aStormOfTrapsLeavesTheNeighbourAlone() throws Exception {
    perform("unreachable", TIGHT);
    try (var module = engine.load(hostile("unreachable"))) {
      for (int i = 0; i < 1000; i++) {
        assertThat(Ending.word(module.run(Grants.none(), TIGHT, Stdio.none())))
            .isEqualTo("Trapped(UNREACHABLE)");
      }
    }
    neighbour.answers();
  }

  @Test
  void allAtOnceTheyStillLeaveNothing() throws Exception {
    perform("unreachable", TIGHT.withDeadline(PATIENCE));
    var before = Resources.now();
    List<Execution> running = new ArrayList<>();
    for (var name : modules().toList()) {
      try (var module = engine.load(hostile(name))) {
        running.add(module.start(grants(), TIGHT.withDeadline(PATIENCE), Stdio.none()));
      } catch (ModuleRefusedException e) {
        assertThat(e).hasMessageContaining(" ");
      }
    }
    neighbour.answers();

    running.forEach(Execution::close);

    neighbour.answers();
    await()
        .pollInSameThread()
        .untilAsserted(() -> assertThat(Resources.now().beyond(before)).isEmpty());
  }

  private static byte[] hostile(String name) throws IOException {
    try (var in = HostileContract.class.getResourceAsStream("/hostile/" + name + ".wasm")) {
      if (in == null) {
        throw new IOException("no module " + name + "; run src/test/hostile/build");
      }
      return in.readAllBytes();
    }
  }

  private Grants grants() {
    return new Grants(
        List.of("hostile", "argument"),
        Map.of("NAME", "value"),
        List.of(
            new Grants.Directory(data, "/data", false),
            new Grants.Directory(config, "/etc/app", true)));
  }

  private String perform(String name, Limits limits) throws Exception {
    try (var module = engine.load(hostile(name));
        var execution = module.start(grants(), limits, Stdio.none())) {
      neighbour.answers();
      return Ending.word(execution.outcome());
    } catch (ModuleRefusedException e) {
      return Ending.word(e);
    }
  }

  /** What no guest may change: name and content. */
  private Map<String, String> outside() throws IOException {
    var contents = new TreeMap<String, String>();
    try (var files = Files.list(temp)) {
      for (var file : files.toList()) {
        contents.put(
            file.getFileName().toString(),
            Files.isRegularFile(file) ? Files.readString(file) : "directory");
      }
    }
    var conf = config.resolve("app.conf");
    contents.put("app.conf", Files.readString(conf) + Files.getLastModifiedTime(conf));
    return contents;
  }

  /** A guest that repeats what it is told, for as long as it is told something. */
  private static final class Neighbour implements AutoCloseable {
    private final PipedOutputStream tells = new PipedOutputStream();
    private final PipedInputStream hears = new PipedInputStream();
    private final Execution execution;

    Neighbour(Module echo) throws IOException {
      var in = new PipedInputStream(tells);
      var out = new PipedOutputStream(hears);
      execution = echo.start(Grants.none(), Limits.defaults(), new Stdio(in, out, out));
    }

    void answers() throws IOException {
      tells.write("still there?\n".getBytes(StandardCharsets.UTF_8));
      tells.flush();
      assertThat(new String(hears.readNBytes(13), StandardCharsets.UTF_8))
          .isEqualTo("still there?\n");
    }

    @Override
    public void close() {
      execution.close();
    }
  }
}
