package dev.dunlin.cli;

import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dunlin completion}. */
@Command(
    name = "completion",
    description =
        "Prints a script that completes commands and flags in a shell: source <(dunlin completion bash).")
final class CompletionCommand implements Callable<Integer> {
  /** Shells that are known. */
  enum Shell {
    bash,
    zsh
  }

  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CommandLine all = spec.parent().commandLine();
    if (shell == Shell.zsh) {
      // The script is bash's; zsh reads it so.
      terminal.print("autoload -U +X compinit && compinit");
      terminal.print("autoload -U +X bashcompinit && bashcompinit");
    }
    terminal.print(AutoComplete.bash("dunlin", all));
    return Exit.OK;
  }
}
