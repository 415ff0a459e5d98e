package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command as a process of its own, with its output redirected. */
class ProcessTest {

  @Test
  void itSaysWhichOneItIs() throws Exception {
    assertThat(said("", "--version")).startsWith("0 dunlin ");
  }

  @Test
  void asKubectlsPluginItIsCalledSo() throws Exception {
    assertThat(said("kubectl dunlin", "status", "--help"))
        .startsWith("0 Usage: kubectl dunlin status");
  }

  @Test
  void aClusterThatIsNotThereIsUnreachable() throws Exception {
    assertThat(said("", "status", "--kubeconfig", "src/test/resources/nowhere.kubeconfig"))
        .startsWith("3 dunlin: https://127.0.0.1:1/: expected an API server, found: ");
  }

  @Test
  void anExitCodeOfAGuestIsItsOwn() throws Exception {
    assertThat(said("", "run", "../examples/wordcount/app.wasm", "--", "/nowhere"))
        .doesNotStartWith("0 ")
        .contains("/nowhere");
  }

  private static String said(String name, String... args) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DunlinMain.class.getName()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DUNLIN_COMMAND", name);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said.strip();
  }
}
