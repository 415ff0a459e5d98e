package dev.dunlin.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The real kubectl, as a user of one namespace has it. */
public record Kubectl(Path binary, Path kubeconfig, String namespace) {

  /** What one call printed. */
  public record Answer(int exitCode, String out, String err) {
    public boolean ok() {
      return exitCode == 0;
    }
  }

  public Kubectl inNamespace(String other) {
    return new Kubectl(binary, kubeconfig, other);
  }

  /**
   * Runs kubectl and returns what it printed.
   *
   * @throws IllegalStateException with kubectl's own message, when it fails
   */
  public String run(String... arguments) {
    Answer answer = call("", arguments);
    if (!answer.ok()) {
      throw new IllegalStateException(
          "kubectl %s: %s".formatted(String.join(" ", arguments), answer.err().strip()));
    }
    return answer.out();
  }

  /** {@code kubectl apply -f -} with the given YAML. */
  public String apply(String yaml) {
    Answer answer = call(yaml, "apply", "-f", "-");
    if (!answer.ok()) {
      throw new IllegalStateException("kubectl apply: " + answer.err().strip() + "\n" + yaml);
    }
    return answer.out();
  }

  /**
   * Runs commands of a page in a shell where {@code kubectl} is this one.
   *
   * @throws IllegalStateException with what they said, when one of them fails
   */
  public String inShell(String commands) {
    String script =
        "set -euo pipefail; kubectl() { '%s' --kubeconfig='%s' --namespace='%s' \"$@\"; }\n%s"
            .formatted(binary, kubeconfig, namespace, commands);
    Answer answer = call("", List.of("bash", "-c", script));
    if (!answer.ok()) throw new IllegalStateException(commands + "\n" + answer.err().strip());
    return answer.out();
  }

  /** Runs kubectl with {@code input} on its standard input, and says how it went. */
  public Answer call(String input, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(binary.toString(), "--kubeconfig=" + kubeconfig, "--namespace=" + namespace));
    command.addAll(List.of(arguments));
    return call(input, command);
  }

  private static Answer call(String input, List<String> command) {
    try {
      Process process = new ProcessBuilder(command).start();
      var err = new FutureTask<>(() -> process.getErrorStream().readAllBytes());
      Thread.ofVirtual().start(err);
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      byte[] out = process.getInputStream().readAllBytes();
      return new Answer(process.waitFor(), text(out), text(err.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during kubectl", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read what kubectl says", e.getCause());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
