package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Broken modules, and nonsense calls of WASI: each is refused with a reason and a place, or runs to
 * an outcome; nothing is left. {@code -Ddunlin.fuzz.seed} and {@code -Ddunlin.fuzz.cases} try
 * others and more; a case that fails is kept in target/fuzz.
 */
public abstract class FuzzContract extends EngineContract {
  private static final long SEED = Long.getLong("dunlin.fuzz.seed", 4);
  private static final int CASES = Integer.getInteger("dunlin.fuzz.cases", 400);
  private static final int LARGEST_ORIGINAL = 70_000;
  private static final Path KEPT = Path.of("target", "fuzz");
  private static final Limits TIGHT =
      Limits.defaults().withMemoryBytes(16 << 20).withDeadline(Duration.ofMillis(200));

  /** What a message can name for whoever looks for the fault. */
  private static final Pattern PLACE =
      Pattern.compile(
          "(?i)offset (0x)?[0-9a-f]+|function (body )?#?\\d+|section|(import|export|table|tag)s?\\W|_start|found [0-9a-f ]+|no bytes|version bytes|component|the module (uses|has|defines)|its functions");

  @Test
  @Timeout(600)
  void aBrokenModuleIsRefusedWithAPlaceOrRunsToAnOutcome() throws Exception {
    var mutator = new Mutator(originals(), SEED);
    judge(guest("traps"), "warm-up");
    var before = Resources.now();

    for (int i = 0; i < CASES; i++) {
      byte[] module = mutator.next();
      judge(module, "seed %d, case %d".formatted(SEED, i));
    }

    assertNothingIsLeft(before);
  }

  @Test
  @Timeout(600)
  void aNonsenseCallOfWasiEndsWell() throws Exception {
    var calls = new NonsenseCalls(SEED);
    judge(guest("traps"), "warm-up");
    var before = Resources.now();

    for (int i = 0; i < CASES / 4; i++) {
      judge(calls.next(), "nonsense calls, seed %d, case %d".formatted(SEED, i));
    }

    assertThat(temp.resolve("secret")).hasContent("secret");
    assertNothingIsLeft(before);
  }

  private void judge(byte[] module, String where) throws Exception {
    try {
      assertWell(module);
    } catch (Throwable e) {
      Files.createDirectories(KEPT);
      var kept = KEPT.resolve(where.replaceAll("[^a-z0-9]+", "-") + ".wasm");
      Files.write(kept, module);
      throw new AssertionError(where + ", kept as " + kept + ": " + e.getMessage(), e);
    }
  }

  private void assertWell(byte[] bytes) throws Exception {
    try (var module = engine.load(bytes)) {
      var outcome = module.run(grants(), TIGHT, Stdio.none());
      if (outcome instanceof Outcome.Trapped(var kind, var message)) {
        assertThat(message).isNotBlank().doesNotContain("engine failed", "java.");
      }
    } catch (ModuleRefusedException e) {
      assertThat(e.getMessage()).as(e.reason() + " tells a place").containsPattern(PLACE);
    }
  }

  private Grants grants() throws IOException {
    Files.writeString(temp.resolve("secret"), "secret");
    var data = Files.createDirectories(temp.resolve("data"));
    Files.createDirectories(data.resolve("sub"));
    Files.writeString(data.resolve("file"), "content");
    return new Grants(
        List.of("nonsense"),
        Map.of("NAME", "value"),
        List.of(new Grants.Directory(data, "/data", false)));
  }

  private static void assertNothingIsLeft(Resources before) {
    await()
        .pollInSameThread()
        .untilAsserted(() -> assertThat(Resources.now().beyond(before)).isEmpty());
  }

  /** Small ones, so that there is time for many. */
  private static List<byte[]> originals() throws IOException {
    var modules = new ArrayList<byte[]>();
    for (var folder :
        List.of(
            Path.of("src/test/resources/guests"),
            Path.of("src/test/resources/hostile"),
            Path.of("../examples"))) {
      try (var files = Files.walk(folder)) {
        for (var file : files.filter(f -> f.toString().endsWith(".wasm")).sorted().toList()) {
          if (Files.size(file) <= LARGEST_ORIGINAL) {
            modules.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return modules;
  }
}
