package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
  @TempDir Path folder;

  @Test
  void bashCompletesCommands() throws Exception {
    Said said = Said.by("completion", "bash");
    Path script = Files.writeString(folder.resolve("completion"), said.out());

    assertThat(
            bash(
                "source '%s'; COMP_WORDS=(dunlin ro); COMP_CWORD=1; _complete_dunlin; echo \"${COMPREPLY[@]}\""
                    .formatted(script)))
        .isEqualTo("rollout");
  }

  @Test
  void zshIsToldToReadBashsScript() {
    assertThat(Said.by("completion", "zsh").out())
        .startsWith("autoload -U +X compinit && compinit\n")
        .contains("_complete_dunlin");
  }

  private static String bash(String commands) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", commands).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }
}
