package dev.dunlin.engine;

import static dev.dunlin.engine.GuestsTestAnswer.assertBytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs what today's toolchains make (wasm-engine/guests, docs/guests.md) on both engines: each
 * guest must give the bytes that it gave on wasmtime when guests/record wrote them down.
 */
class GuestsTest {
  /** Far longer than any case takes: one that hangs fails. */
  private static final Limits LIMITS = Limits.defaults().withDeadline(Duration.ofMinutes(2));

  private static final String ASKS_ANOTHER = "another server is asked";

  @TempDir private static Path scratch;
  private static List<GuestsTestGuest> guests = List.of();
  private static GuestsTestUpstream upstream;
  private static GuestsTestEngines engines;

  @BeforeAll
  static void readGuests() throws Exception {
    guests = GuestsTestGuest.all();
    upstream = new GuestsTestUpstream();
    engines = new GuestsTestEngines();
  }

  @AfterAll
  static void closeAll() {
    engines.close();
    upstream.close();
  }

  @TestFactory
  List<DynamicNode> commandEndsOnTheJvmEngineAsOnWasmtime() {
    return each(GuestsTestGuest::command, guest -> cases(Engines.Choice.JVM, guest));
  }

  @TestFactory
  List<DynamicNode> guestEndsOrAnswersOnTheNativeEngineAsOnWasmtime() {
    return each(guest -> true, guest -> cases(Engines.Choice.NATIVE, guest));
  }

  @TestFactory
  List<DynamicNode> instanceThatIsReusedAnswersLikeFreshOnes() {
    return each(
        guest -> guest.http() && guest.reusable(),
        guest -> Stream.of(dynamicTest("one after the other", () -> reuse(guest))));
  }

  @TestFactory
  List<DynamicNode> bodyIsStreamedBothWays() {
    return each(
        GuestsTestGuest::http, guest -> Stream.of(dynamicTest("echo", () -> stream(guest))));
  }

  @TestFactory
  List<DynamicNode> guestWithoutAllowedHostsReachesNone() {
    return each(
        guest -> guest.http() && !guest.request(ASKS_ANOTHER).expects(404),
        guest -> Stream.of(dynamicTest("fetch", () -> askInVain(guest))));
  }

  private static List<DynamicNode> each(
      Predicate<GuestsTestGuest> which, Function<GuestsTestGuest, Stream<DynamicTest>> tests) {
    List<DynamicNode> all = new ArrayList<>();
    for (GuestsTestGuest guest : guests) {
      if (which.test(guest)) all.add(dynamicContainer(guest.name(), tests.apply(guest)));
    }
    assertThat(all).isNotEmpty();
    return all;
  }

  private static Stream<DynamicTest> cases(Engines.Choice engine, GuestsTestGuest guest) {
    Stream<DynamicTest> each =
        guest.cases().stream().map(one -> dynamicTest(one.name(), () -> check(engine, guest, one)));
    DynamicTest kind =
        dynamicTest(
            "is a " + guest.kind(),
            () -> assertThat(engines.module(engine, guest).kind()).isEqualTo(guest.expectedKind()));
    return Stream.concat(Stream.of(kind), each);
  }

  private static void check(Engines.Choice engine, GuestsTestGuest guest, GuestsTestGuest.Case one)
      throws Exception {
    Module module = engines.module(engine, guest);
    if (guest.http()) {
      Printed printed = new Printed();
      try (HttpGuest http = module.http(network(), LIMITS, printed.settings(1))) {
        request(http, one);
      }
      if (!one.fails()) printed.isAsRecorded(one.expected());
    } else {
      run(module, guest.name(), one);
    }
  }

  private static void run(Module module, String name, GuestsTestGuest.Case one) throws Exception {
    JsonNode inputs = GuestsTestGuest.inputs(false);
    Path data = Files.createTempDirectory(scratch, name);
    for (Map.Entry<String, JsonNode> file : inputs.required("files").properties()) {
      Files.writeString(data.resolve(file.getKey()), file.getValue().asText());
    }
    List<String> args = new ArrayList<>(List.of(name));
    one.given().required("args").forEach(arg -> args.add(arg.asText()));
    Map<String, String> env = new LinkedHashMap<>();
    inputs.required("env").properties().forEach(v -> env.put(v.getKey(), v.getValue().asText()));
    Printed printed = new Printed();
    InputStream stdin = new ByteArrayInputStream(one.given("stdin"));

    Outcome outcome =
        module.run(
            new Grants(args, env, List.of(new Grants.Directory(data, "/data", false))),
            LIMITS,
            new Stdio(stdin, printed.out, printed.err));

    if (one.fails()) {
      assertThat(outcome).isInstanceOf(Outcome.Trapped.class);
      return;
    }
    assertThat(outcome)
        .as("%s", printed)
        .isEqualTo(new Outcome.Exited(one.expected().required("exitCode").asInt()));
    printed.isAsRecorded(one.expected());
    assertFiles(one.expected().required("files"), data);
  }

  private static void assertFiles(JsonNode expected, Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(expected::fieldNames);
    }
    for (Map.Entry<String, JsonNode> file : expected.properties()) {
      assertBytes(file.getKey(), file.getValue(), Files.readAllBytes(data.resolve(file.getKey())));
    }
  }

  private static void request(HttpGuest http, GuestsTestGuest.Case one) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    GuestsTestAnswer answer = new GuestsTestAnswer(body);
    HttpRequest request = one.request(upstream.address());
    if (one.fails()) {
      GuestsTestAnswer.assertFails(http, request, answer);
      return;
    }
    assertThat(http.answer(request, answer)).isEqualTo(new Outcome.Exited(0));
    answer.isAsRecorded(one.expected(), body.toByteArray());
  }

  private static void reuse(GuestsTestGuest guest) throws Exception {
    Module module = engines.module(Engines.Choice.NATIVE, guest);
    try (HttpGuest http = module.http(network(), LIMITS, new Printed().settings(50))) {
      for (int round = 0; round < 2; round++) {
        for (GuestsTestGuest.Case one : guest.cases()) {
          request(http, one);
        }
      }
    }
  }

  private static void stream(GuestsTestGuest guest) throws Exception {
    Module module = engines.module(Engines.Choice.NATIVE, guest);
    GuestsTestDialogue dialogue = new GuestsTestDialogue();
    GuestsTestAnswer answer = new GuestsTestAnswer(dialogue.answer);
    HttpRequest request = GuestsTestGuest.request("POST", "/echo", List.of(), dialogue.question);
    try (HttpGuest http = module.http(Grants.none(), LIMITS, new Printed().settings(1))) {
      assertThat(http.answer(request, answer)).isEqualTo(new Outcome.Exited(0));
    }
    assertThat(dialogue.answer.toString(UTF_8))
        .isEqualTo(GuestsTestDialogue.FIRST + GuestsTestDialogue.SECOND);
  }

  private static void askInVain(GuestsTestGuest guest) throws Exception {
    Module module = engines.module(Engines.Choice.NATIVE, guest);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    GuestsTestAnswer answer = new GuestsTestAnswer(body);
    int before = upstream.requests();
    try (HttpGuest http = module.http(Grants.none(), LIMITS, new Printed().settings(1))) {
      assertThat(http.answer(guest.request(ASKS_ANOTHER).request(upstream.address()), answer))
          .isEqualTo(new Outcome.Exited(0));
    }
    assertThat(answer.status()).as(body.toString(UTF_8)).isEqualTo(502);
    assertThat(upstream.requests()).isEqualTo(before);
  }

  private static Grants network() {
    return new Grants(List.of(), Map.of(), List.of(), List.of(upstream.address()));
  }

  /** What a guest has printed. */
  private record Printed(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    Printed() {
      this(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    HttpSettings settings(int requestsPerInstance) {
      return new HttpSettings(out, err, requestsPerInstance);
    }

    void isAsRecorded(JsonNode expected) {
      assertBytes("standard output", expected.required("stdout"), out.toByteArray());
      assertBytes("standard error", expected.required("stderr"), err.toByteArray());
    }
  }
}
