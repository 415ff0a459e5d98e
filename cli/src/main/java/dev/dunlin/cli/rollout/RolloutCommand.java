package dev.dunlin.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.cli.cluster.Age;
import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.status.Words;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Output;
import dev.dunlin.cli.terminal.Table;
import dev.dunlin.cli.terminal.Terminal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dunlin rollout}. */
@Command(
    name = "rollout",
    description = "Shows and steers how a new revision takes the place of the old one.")
public final class RolloutCommand implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  public RolloutCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected one of status, history, undo, pause, resume");
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description =
          "Waits until the present revision is rolled out. Ends with 1 when it fails, with 4 when the time is over.")
  int status(
      @Parameters(paramLabel = "APP") String name,
      @Option(
              names = "--timeout",
              paramLabel = "SECONDS",
              defaultValue = "600",
              description = "How long it waits (default: ${DEFAULT-VALUE}).")
          int seconds,
      @Mixin ClusterFlags cluster)
      throws Exception {
    return cluster.with(in -> {
      in.requireApp(name);
      return Await.settled(in, name, Duration.ofSeconds(seconds), terminal);
    });
  }

  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description = "Lists the revisions that are kept.")
  int history(
      @Parameters(paramLabel = "APP") String name,
      @Mixin Output output,
      @Mixin ClusterFlags cluster)
      throws Exception {
    return cluster.with(in -> {
      @Nullable Long current = Words.status(in.requireApp(name)).revisionNumber();
      List<ControllerRevision> kept = kept(in, name);
      output
          .format()
          .print(
              terminal,
              Map.of("items", kept),
              kept.stream()
                  .map(it -> "controllerrevision.apps/" + it.getMetadata().getName())
                  .toList(),
              () -> table(kept, current));
      return Exit.OK;
    });
  }

  @Command(
      name = "undo",
      mixinStandardHelpOptions = true,
      description =
          "Puts the template of an earlier revision back into the app: the one before, or --to-revision.")
  int undo(
      @Parameters(paramLabel = "APP") String name,
      @Option(names = "--to-revision", paramLabel = "NUMBER", description = "Which one.")
          @Nullable Long number,
      @Mixin ClusterFlags cluster)
      throws Exception {
    return cluster.with(in -> {
      ControllerRevision back = before(in, in.requireApp(name), number);
      put(in, name, JSON.valueToTree(back.getData()).path("spec"));
      terminal.print("%s: back to revision %d".formatted(name, back.getRevision()));
      return Exit.OK;
    });
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Keeps what runs: a changed template waits.")
  int pause(@Parameters(paramLabel = "APP") String name, @Mixin ClusterFlags cluster)
      throws Exception {
    return cluster.with(in -> paused(in, name, true));
  }

  @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on after pause.")
  int resume(@Parameters(paramLabel = "APP") String name, @Mixin ClusterFlags cluster)
      throws Exception {
    return cluster.with(in -> paused(in, name, false));
  }

  private int paused(Cluster in, String name, boolean pause) {
    in.requireApp(name);
    in.app(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"paused\":%s}}".formatted(pause ? "true" : "null"));
    terminal.print(name + (pause ? ": paused" : ": goes on"));
    return Exit.OK;
  }

  private static List<ControllerRevision> kept(Cluster in, String name) {
    return in
        .client()
        .apps()
        .controllerRevisions()
        .inNamespace(in.namespace())
        .withLabel(Api.APP_LABEL, name)
        .list()
        .getItems()
        .stream()
        .sorted(Comparator.comparing(ControllerRevision::getRevision))
        .toList();
  }

  private static ControllerRevision before(Cluster in, WasmApp app, @Nullable Long number) {
    List<ControllerRevision> kept = kept(in, app.getMetadata().getName());
    long present = Objects.requireNonNullElse(Words.status(app).revisionNumber(), Long.MAX_VALUE);
    return kept.stream()
        .filter(it -> number == null ? it.getRevision() < present : it.getRevision().equals(number))
        .reduce((older, newer) -> newer)
        .orElseThrow(() ->
            new Failure(
                "%s: expected %s, found revisions %s"
                    .formatted(
                        app.getMetadata().getName(),
                        number == null
                            ? "a revision before " + (present == Long.MAX_VALUE ? "?" : present)
                            : "revision " + number,
                        kept.stream().map(ControllerRevision::getRevision).toList())));
  }

  /** As it is: what this program does not know of the app stays. */
  private static void put(Cluster in, String name, JsonNode template) {
    var apps =
        in.client()
            .genericKubernetesResources(Api.GROUP + "/" + Api.VERSION, "WasmApp")
            .inNamespace(in.namespace())
            .withName(name);
    GenericKubernetesResource app = apps.require();
    JsonNode present = JSON.valueToTree(app.getAdditionalProperties().get("spec"));
    app.setAdditionalProperty(
        "spec", JSON.convertValue(Undo.of(present, template), LinkedHashMap.class));
    in.client().resource(app).update();
  }

  private static List<String> table(List<ControllerRevision> kept, @Nullable Long current) {
    var table = new Table("REVISION", "IMAGE", "RAN AS", "AGE", "");
    for (ControllerRevision revision : kept) {
      JsonNode template = JSON.valueToTree(revision.getData()).path("spec");
      var annotations =
          Objects.requireNonNullElse(
              revision.getMetadata().getAnnotations(), Map.<String, String>of());
      table.row(
          String.valueOf(revision.getRevision()),
          template.path("image").asText("-"),
          annotations.getOrDefault(Api.IMAGE_ANNOTATION, "-").replaceFirst(".*@", ""),
          Age.of(revision.getMetadata().getCreationTimestamp(), Instant.now()),
          revision.getRevision().equals(current) ? "(present)" : "");
    }
    return table.lines();
  }
}
