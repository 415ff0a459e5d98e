package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  @Test
  void aNewProjectHasItsOwnName() throws IOException {
    Path greeter = folder.resolve("greeter");

    Said said = Said.by("init", "--registry", "localhost:5000/me", greeter.toString());

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).isEqualTo("next: dunlin dev " + greeter + "\n");
    assertThat(Files.readString(greeter.resolve("wasmapp.yaml")))
        .contains("  name: greeter\n", "image: localhost:5000/me/greeter:1.0")
        .doesNotContain("hello-rust");
    assertThat(Files.readString(greeter.resolve("Cargo.toml")))
        .contains("name = \"greeter\"", "cgi = { path = \"cgi\" }");
    assertThat(greeter.resolve("cgi/Cargo.toml")).exists();
    assertThat(greeter.resolve("checks.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rust", "rust-component", "c", "go", "javascript", "assemblyscript", "java"})
  void everyLanguageOffersAProjectThatBuildKnows(String language) {
    Path project = folder.resolve("mine");
    Said.by("init", "--language", language, project.toString());

    // Without any tool it names the first that it lacks, or goes as far as the tools do.
    Said init = Said.by("init", "--language", language, project.toString());
    assertThat(init.err()).contains("expected no such folder, or an empty one");
    assertThat(project.resolve("wasmapp.yaml")).exists();
    assertThat(project)
        .isDirectoryContaining(file ->
            file.getFileName()
                .toString()
                .matches("Cargo.toml|main.c|go.mod|app.js|package.json|pom.xml"));
  }

  @Test
  void whatCanBeBegunWithIsListed() {
    assertThat(Said.by("init", "--list").out())
        .startsWith("LANGUAGE         EXAMPLE\n")
        .contains("javascript       http-js\n", "                 wordcount\n");
    Said unknown = Said.by("init", "--language", "cobol", folder.resolve("x").toString());
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--language: expected one of [", "found 'cobol'");
  }

  @Test
  void aFolderOfNoLanguageIsToldWhatWouldBeOne() {
    Said said = Said.by("build", folder.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("expected one of [build, Cargo.toml, go.mod,", "found none");
  }

  @Test
  void aBuildThatFailsSaysWhatTheToolSaid() throws IOException {
    script("echo 'main.x:1: no such word' >&2; exit 3");

    Said said = Said.by("build", folder.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("main.x:1: no such word\n", "build: ended with 3");
  }

  @Test
  void aProjectOfItsOwnScriptIsBuilt() throws IOException {
    script("cp '%s' app.wasm".formatted(EXAMPLES.resolve("hello-c/app.wasm")));

    Said said = Said.by("build", folder.toString());

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).isEqualTo(folder.resolve("app.wasm") + ": core module, 24 KB\n");
  }

  @Test
  void aChangedSourceIsServedOnTheSamePort() throws Exception {
    Path which = Files.writeString(folder.resolve("which"), "hello-c");
    script("cp '%s'/\"$(cat which)\"/app.wasm app.wasm".formatted(EXAMPLES));
    var screen = new Said.Screen("");
    var ended =
        CompletableFuture.supplyAsync(
            () -> Said.by(screen, "dev", "-p", "0", "--as", "http", folder.toString()), Said.ASIDE);
    await().atMost(PATIENCE).until(() -> screen.err().contains("answers on") || ended.isDone());
    Matcher answers = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/").matcher(screen.err());
    assertThat(answers.find()).as(screen.err()).isTrue();
    URI uri = URI.create(answers.group());
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri).build();
      assertThat(client.send(request, BodyHandlers.ofString()).body()).contains("from C");

      Files.writeString(which, "nowhere");
      await().atMost(PATIENCE).until(() -> screen.err().contains("ended with 1"));
      assertThat(client.send(request, BodyHandlers.ofString()).body()).contains("from C");

      Files.writeString(which, "hello-assemblyscript");
      await()
          .atMost(PATIENCE)
          .until(() ->
              client.send(request, BodyHandlers.ofString()).body().contains("from AssemblyScript"));
    } finally {
      screen.terminal().ended().countDown();
    }
    assertThat(ended.orTimeout(30, TimeUnit.SECONDS).join().exitCode()).isZero();
  }

  private void script(String commands) throws IOException {
    Path build = folder.resolve("build");
    Files.writeString(build, "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + commands + "\n");
    assertThat(build.toFile().setExecutable(true)).isTrue();
  }
}
