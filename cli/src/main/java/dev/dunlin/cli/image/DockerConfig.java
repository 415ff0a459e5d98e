package dev.dunlin.cli.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The credentials that {@code docker login} leaves: in the file itself, or with the program that it
 * names ({@code credHelpers}, {@code credsStore}).
 */
public final class DockerConfig {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HUB = "https://index.docker.io/v1/";
  private static final int HELPER_SECONDS = 20;

  private final Path file;

  private DockerConfig(Path file) {
    this.file = file;
  }

  /** {@code config.json} in {@code $DOCKER_CONFIG}, or else in {@code ~/.docker}. */
  public static DockerConfig of(Map<String, String> environment) {
    String folder = environment.get("DOCKER_CONFIG");
    return new DockerConfig(
        (folder == null || folder.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".docker")
                : Path.of(folder))
            .resolve("config.json"));
  }

  /** The credentials for that image's registry; none where there is no file, or none in it. */
  public Keychain keychain(ImageReference image) {
    if (!Files.exists(file)) {
      return Keychain.EMPTY;
    }
    try {
      JsonNode config = JSON.readTree(file.toFile());
      String helper = helper(config, image.registry());
      if (!helper.isEmpty()) {
        return ask(helper, key(image.registry()));
      }
      return config.path("auths").isObject()
          ? Keychain.ofDockerConfigs(List.of(config.toString()))
          : Keychain.EMPTY;
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, file + ": expected docker's config.json, " + e, e);
    } catch (IllegalArgumentException e) {
      throw new Failure(Exit.FAILED, file + ": " + e.getMessage(), e);
    }
  }

  private static String helper(JsonNode config, String registry) {
    JsonNode own = config.path("credHelpers").path(registry);
    return own.isTextual() ? own.asText() : config.path("credsStore").asText("");
  }

  private static String key(String registry) {
    return registry.equals("docker.io") ? HUB : registry;
  }

  /** docker-credential-helpers: the key on standard input, JSON on standard output. */
  private static Keychain ask(String helper, String key) {
    String program = "docker-credential-" + helper;
    try {
      Process process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (var in = process.getOutputStream()) {
        in.write(key.getBytes(StandardCharsets.UTF_8));
      }
      byte[] told = process.getInputStream().readAllBytes();
      if (!process.waitFor(HELPER_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new Failure(program + ": expected an answer within %d s".formatted(HELPER_SECONDS));
      }
      // It has none for that registry: docker goes on without, too.
      return process.exitValue() == 0 ? keychain(key, JSON.readTree(told)) : Keychain.EMPTY;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.FAILED, program + ": interrupted", e);
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED,
          "%s: expected docker's credential helper on the PATH, found: %s"
              .formatted(program, e.getMessage()),
          e);
    }
  }

  private static Keychain keychain(String key, JsonNode told) {
    var auths = JSON.createObjectNode();
    auths
        .putObject("auths")
        .putObject(key)
        .put("username", told.path("Username").asText(""))
        .put("password", told.path("Secret").asText(""));
    return Keychain.ofDockerConfigs(List.of(auths.toString()));
  }
}
