package dev.dunlin.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands that pages show, as far as they can be held against the tree without a cluster. */
class CommandsTest {
  private static final Pattern MAKE = Pattern.compile("(?m)^\\$? *make ([a-z][a-z0-9-]*)");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w/.:-])((?:examples|helm|bench|e2e|wasm-engine)/[\\w./-]*\\w)");
  private static final Pattern CURL =
      Pattern.compile("\\$ .*http://([a-z-]+)(?::\\d+)?(?=[/'\\s])");
  private static final Pattern SHOWN = Pattern.compile("<!-- shown: (\\S+) -->");

  /** Made by the commands themselves. */
  private static final Pattern MADE = Pattern.compile("(^|/)target(/|$)|/app\\.wasm$");

  /** Answers that no check knows, since each instance has another one. */
  private static final Pattern OWN = Pattern.compile("Answered by [a-z-]+-[0-9a-z]+-[0-9a-z]+");

  static List<Page.Block> shell() throws IOException {
    return blocks("");
  }

  static List<Page.Block> answers() throws IOException {
    return blocks("").stream()
        .filter(block ->
            CURL.matcher(block.text())
                .results()
                .anyMatch(curl -> Files.exists(checks(curl.group(1)))))
        .toList();
  }

  static List<Page.Block> shown() throws IOException {
    var blocks = new ArrayList<Page.Block>();
    for (Page page : Page.all()) {
      page.blocks().stream()
          .filter(block -> SHOWN.matcher(block.before()).matches())
          .forEach(blocks::add);
    }
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("shell")
  void whatIsMadeAndNamedIsThere(Page.Block block) throws IOException {
    String makefile = Files.readString(Repository.root().resolve("Makefile"));

    assertThat(MAKE.matcher(block.text()).results().map(it -> it.group(1)))
        .allMatch(target -> makefile.contains("\n" + target + ":"));
    assertThat(FILE.matcher(block.text()).results().map(it -> it.group(1)))
        .filteredOn(file -> !MADE.matcher(file).find())
        .allMatch(file -> Files.exists(Repository.root().resolve(file)));
  }

  /** {@code <!-- shown: FILE -->} before a block: it is a part of that file, letter by letter. */
  @ParameterizedTest
  @MethodSource("shown")
  void whatIsShownOfAFileIsInIt(Page.Block block) throws IOException {
    var shown = SHOWN.matcher(block.before());
    assertThat(shown.matches()).isTrue();

    assertThat(Files.readString(Repository.root().resolve(shown.group(1)))).contains(block.text());
  }

  /** ExamplesTest asks the examples for the same, on a cluster. */
  @ParameterizedTest
  @MethodSource("answers")
  void anExampleAnswersWhatThePageShows(Page.Block block) throws IOException {
    String known = "";
    for (String line : block.text().lines().toList()) {
      var curl = CURL.matcher(line);
      if (curl.find() && Files.exists(checks(curl.group(1)))) {
        known = answersOf(curl.group(1));
      } else if (line.startsWith("$ ") || line.startsWith("  ") || line.isBlank()) {
        known = line.startsWith("$ ") ? "" : known;
      } else if (!known.isEmpty() && !OWN.matcher(line).matches()) {
        assertThat(known).as("what %s is asked for", block).contains(line);
      }
    }
  }

  private static String answersOf(String example) throws IOException {
    JsonNode checks = new ObjectMapper().readTree(checks(example).toFile());
    return checks.path("requests").findValues("expect").stream()
        .flatMap(expect -> expect.findValues("body").stream().flatMap(JsonNode::valueStream))
        .map(JsonNode::asText)
        .collect(Collectors.joining("\n"))
        .concat(bodies(checks));
  }

  private static String bodies(JsonNode checks) {
    return checks.findValuesAsText("bodyIs").stream().collect(Collectors.joining("\n", "\n", "\n"));
  }

  private static Path checks(String example) {
    return Repository.root().resolve("examples").resolve(example).resolve("checks.json");
  }

  private static List<Page.Block> blocks(String language) throws IOException {
    var blocks = new ArrayList<Page.Block>();
    for (Page page : Page.all()) {
      page.blocks().stream()
          .filter(block -> block.language().equals(language))
          .forEach(blocks::add);
    }
    return blocks;
  }
}
