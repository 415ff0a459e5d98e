package dev.dunlin.cli.push;

import dev.dunlin.cli.image.DockerConfig;
import dev.dunlin.cli.image.ModuleFile;
import dev.dunlin.cli.image.Registries;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Output;
import dev.dunlin.cli.terminal.Progress;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.cli.wasm.Outline;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.ModuleArtifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin push}. */
@Command(
    name = "push",
    description = {
      "Pushes a module to a registry, as the CNCF's WebAssembly artifact.",
      "Credentials are those of docker login. The same file gives the same digest: its time is the file's, or SOURCE_DATE_EPOCH."
    })
public final class PushCommand implements Callable<Integer> {
  private static final String TITLE = "org.opencontainers.image.title";

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODULE", description = "A WebAssembly file.")
  private Path module = Path.of("app.wasm");

  @Parameters(
      index = "1",
      paramLabel = "IMAGE",
      description = "Where to: [registry/]repository[:tag].")
  private String image = "";

  @Option(
      names = {"-a", "--annotation"},
      paramLabel = "KEY=VALUE",
      description = "An annotation of the manifest; repeatable.")
  private Map<String, String> annotations = new LinkedHashMap<>();

  @Mixin private final Output output = new Output();
  @Mixin private final Registries registries = new Registries();

  public PushCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What was pushed, and by which name it can be asked for. */
  record Pushed(String image, String digest, String reference, String module, long sizeBytes) {}

  @Override
  public Integer call() {
    ImageReference reference = ModuleFile.reference(image);
    if (reference.digest() != null) {
      throw Failure.usage("push: expected an image by tag, found '" + image + "'");
    }
    ModuleFile file = ModuleFile.at(module);
    ModuleArtifact artifact = artifact(file);
    Digest digest = push(reference, artifact);
    var pushed =
        new Pushed(
            reference.toString(),
            digest.toString(),
            reference.name() + "@" + digest,
            file.digest().toString(),
            artifact.wasm().length);
    output
        .format()
        .print(
            terminal,
            pushed,
            List.of(pushed.reference()),
            () ->
                List.of(
                    "pushed %s (%s)".formatted(pushed.image(), Terminal.size(pushed.sizeBytes())),
                    "digest %s".formatted(pushed.digest())));
    return Exit.OK;
  }

  private Digest push(ImageReference reference, ModuleArtifact artifact) {
    var keychain = DockerConfig.of(System.getenv()).keychain(reference);
    try (var progress = new Progress(terminal, "pushing " + reference)) {
      return registries.with(client ->
          client.push(
              reference,
              keychain,
              artifact,
              (blob, sent, total) -> {
                if (total == artifact.wasm().length) {
                  progress.at(sent, total);
                }
              }));
    }
  }

  private ModuleArtifact artifact(ModuleFile file) {
    byte[] wasm = file.bytes();
    try {
      Outline outline = Outline.of(wasm);
      var all = new LinkedHashMap<String, String>();
      all.put(TITLE, String.valueOf(file.path().getFileName()));
      all.putAll(annotations);
      return new ModuleArtifact(
          wasm,
          outline.os(),
          outline.component(),
          outline.component() ? outline.imports() : List.of(),
          outline.component() ? outline.exports() : List.of(),
          all,
          created(file.path()));
    } catch (ModuleRefusedException e) {
      throw new Failure(Exit.FAILED, file.name() + ": " + e.getMessage(), e);
    }
  }

  private static Instant created(Path file) {
    String epoch = System.getenv().getOrDefault("SOURCE_DATE_EPOCH", "");
    try {
      return epoch.isEmpty()
          ? Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS)
          : Instant.ofEpochSecond(Long.parseLong(epoch));
    } catch (NumberFormatException e) {
      throw new Failure(
          Exit.USAGE, "SOURCE_DATE_EPOCH: expected seconds, found '" + epoch + "'", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
