package dev.dunlin.cli;

import dev.dunlin.agent.http.CarrierThreads;
import dev.dunlin.cli.check.CheckCommand;
import dev.dunlin.cli.deploy.DeployCommand;
import dev.dunlin.cli.invoke.InvokeCommand;
import dev.dunlin.cli.local.DevCommand;
import dev.dunlin.cli.local.RunCommand;
import dev.dunlin.cli.logs.LogsCommand;
import dev.dunlin.cli.project.BuildCommand;
import dev.dunlin.cli.project.InitCommand;
import dev.dunlin.cli.push.PushCommand;
import dev.dunlin.cli.rollout.RolloutCommand;
import dev.dunlin.cli.status.StatusCommand;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.cli.top.TopCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command dunlin, which is kubectl's plugin as well. */
@Command(
    name = "dunlin",
    description = "WebAssembly apps on Kubernetes, from the first line to the cluster.",
    versionProvider = DunlinMain.Version.class)
public final class DunlinMain implements Runnable {
  /** So long the last requests of what runs here may take after Ctrl-C. */
  private static final long LAST_SECONDS = 15;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private DunlinMain() {}

  /** Says which build this is. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = DunlinMain.class.getPackage().getImplementationVersion();
      return new String[] {"dunlin " + Objects.requireNonNullElse(version, "from source")};
    }
  }

  /** All commands, with that terminal. */
  public static CommandLine commandLine(Terminal terminal) {
    var all = new CommandLine(new DunlinMain());
    List.of(
            new InitCommand(terminal),
            new BuildCommand(terminal),
            new DevCommand(terminal),
            new RunCommand(terminal),
            new CheckCommand(terminal),
            new PushCommand(terminal),
            new DeployCommand(terminal),
            new StatusCommand(terminal),
            new RolloutCommand(terminal),
            new LogsCommand(terminal),
            new TopCommand(terminal),
            new InvokeCommand(terminal),
            new CompletionCommand(terminal))
        .forEach(all::addSubcommand);
    return ready(all, terminal);
  }

  private static CommandLine ready(CommandLine all, Terminal terminal) {
    all.setCaseInsensitiveEnumValuesAllowed(true);
    all.setUsageHelpAutoWidth(true);
    all.setOut(writer(terminal.out()));
    all.setErr(writer(terminal.err()));
    all.setExecutionExceptionHandler((fault, command, parsed) -> failed(terminal, fault));
    everyCommandHasHelp(all);
    return all;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static void everyCommandHasHelp(CommandLine command) {
    // Commands that are methods say it themselves: picocli fits arguments to what the annotation
    // says.
    if (!command.getCommandSpec().mixinStandardHelpOptions()) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
    command.getSubcommands().values().forEach(DunlinMain::everyCommandHasHelp);
  }

  private static int failed(Terminal terminal, Exception fault) throws Exception {
    if (fault instanceof Failure failure) {
      terminal.say("dunlin: " + failure.getMessage());
      return failure.exitCode();
    }
    throw fault;
  }

  /** Without a command: says which there are. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  public static void main(String[] args) {
    System.setProperty("logback.configurationFile", "dev/dunlin/cli/logback.xml");
    CarrierThreads.prepare();
    var terminal = Terminal.ofProcess();
    var done = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(terminal, done), "end"));
    CommandLine all = commandLine(terminal);
    String name = System.getenv("DUNLIN_COMMAND");
    if (name != null && !name.isEmpty()) {
      all.setCommandName(name);
    }
    int code = Exit.FAILED;
    try {
      code = all.execute(args);
    } finally {
      done.countDown();
    }
    System.exit(code);
  }

  /** Ctrl-C: what runs here gets time to end its requests. */
  private static void end(Terminal terminal, CountDownLatch done) {
    terminal.ended().countDown();
    try {
      if (!done.await(LAST_SECONDS, TimeUnit.SECONDS)) {
        terminal.say("dunlin: not everything ended within %d s".formatted(LAST_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
