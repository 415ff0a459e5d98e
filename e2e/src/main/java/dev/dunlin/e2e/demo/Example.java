package dev.dunlin.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One folder of {@code examples/}: what a user applies, its module, and what it must answer. */
record Example(Path folder) {
  private static final Pattern IMAGE =
      Pattern.compile("image: (?<registry>[^/\\s]+)/(?<rest>\\S+)");

  /** A request without a body, and texts that its answer must hold. */
  record Question(String path, List<String> expected) {
    Question {
      expected = List.copyOf(expected);
    }
  }

  /** All examples that have a module, by name. */
  static List<Example> all() {
    try (Stream<Path> folders = Files.list(Repository.root().resolve("examples"))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("app.wasm")))
          .sorted()
          .map(Example::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Example named(String name) {
    return all().stream()
        .filter(example -> example.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no example '"
                    + name
                    + "'; there are "
                    + all().stream().map(Example::name).toList()));
  }

  String name() {
    return String.valueOf(folder.getFileName());
  }

  Path manifestFile() {
    return folder.resolve("wasmapp.yaml");
  }

  String manifest() {
    return text(manifestFile());
  }

  byte[] module() {
    try {
      return Files.readAllBytes(folder.resolve("app.wasm"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The registry that the manifest names. */
  String registry() {
    return image().group("registry");
  }

  /** The image without its registry, {@code repository:tag}. */
  String repositoryAndTag() {
    return image().group("rest");
  }

  private Matcher image() {
    Matcher image = IMAGE.matcher(manifest());
    if (!image.find())
      throw new IllegalStateException(manifestFile() + ": expected an image, found none");
    return image;
  }

  /** What its {@code checks.json} asks by GET and expects to be answered 200. */
  List<Question> questions() {
    var questions = new ArrayList<Question>();
    for (JsonNode request : checks().path("requests")) {
      boolean simple =
          request.path("method").asText().equals("GET")
              && request.path("expect").path("status").asInt() == 200;
      if (!simple) continue;
      var expected = new ArrayList<String>();
      request.path("expect").path("body").forEach(text -> expected.add(text.asText()));
      questions.add(new Question(request.path("path").asText(), expected));
    }
    if (questions.isEmpty()) {
      throw new IllegalArgumentException(name() + " answers no plain GET; choose an http example");
    }
    return questions;
  }

  private JsonNode checks() {
    try {
      return new ObjectMapper().readTree(text(folder.resolve("checks.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
