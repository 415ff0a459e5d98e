package dev.dunlin.oci;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A docker-registry process on a loopback port that it chose itself. */
final class DockerRegistry implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");

  private final Process process;
  private final String address;

  private DockerRegistry(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  static Optional<Path> program() {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
        .map(folder -> Path.of(folder, "docker-registry"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param htpasswd empty to let everybody in
   */
  static DockerRegistry start(Path folder, String htpasswd) throws Exception {
    String auth = "";
    if (!htpasswd.isEmpty()) {
      Path file = Files.writeString(folder.resolve("htpasswd"), htpasswd);
      auth = "auth: {htpasswd: {realm: test, path: '%s'}}\n".formatted(file);
    }
    String config =
        "version: 0.1\nlog: {level: info}\nstorage: {filesystem: {rootdirectory: '%s'}}\nhttp: {addr: '127.0.0.1:0'}\n%s"
            .formatted(folder.resolve("data"), auth);
    Path file = Files.writeString(folder.resolve("config.yml"), config);
    Process process =
        new ProcessBuilder(program().orElseThrow().toString(), "serve", file.toString())
            .redirectErrorStream(true)
            .start();
    var address = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> read(process.inputReader(), address));
    return new DockerRegistry(process, address.get(30, TimeUnit.SECONDS));
  }

  String address() {
    return address;
  }

  // To the end, so that a full pipe never holds the registry up.
  private static void read(BufferedReader log, CompletableFuture<String> address) {
    var all = new StringBuilder();
    try (log) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        all.append(line).append('\n');
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          address.complete(listening.group(1));
        }
      }
      address.completeExceptionally(new IOException("docker-registry ended:\n" + all));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
