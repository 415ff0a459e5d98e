package dev.dunlin.cli.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.cli.app.AppFlags;
import dev.dunlin.cli.app.Manifest;
import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.rollout.Await;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin deploy}. */
@Command(
    name = "deploy",
    description = {
      "Applies an app to the cluster, from a file or from flags, and waits until it is there.",
      "Ends with 1 when the roll-out fails, with 4 when the time is over; what runs goes on either way."
    })
public final class DeployCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANAGER = "dunlin";

  private final Terminal terminal;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "YAML to apply; repeatable.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--image",
      description = "Of the app that the flags describe, or instead of the one in the file.")
  private @Nullable String image;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "APP",
      description = "The app's name, where there is no file.")
  private @Nullable String name;

  @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments of the guest, after --.")
  private List<String> args = new ArrayList<>();

  @Option(
      names = "--replicas",
      paramLabel = "NUMBER",
      description = "How many instances; without it whoever scales the app has his way.")
  private @Nullable Integer replicas;

  @Option(
      names = "--force-conflicts",
      description = "Take over fields that somebody else has applied.")
  private boolean force;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to wait until it is rolled out; --no-wait does not.")
  private boolean wait = true;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long it waits (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds = 120;

  @Mixin private final AppFlags flags = new AppFlags();
  @Mixin private final ClusterFlags cluster = new ClusterFlags();

  public DeployCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    List<ObjectNode> objects = files.isEmpty() ? List.of(fromFlags()) : fromFiles();
    return cluster.with(in -> {
      for (ObjectNode object : objects) {
        apply(in, object);
      }
      return wait ? await(in, objects) : Exit.OK;
    });
  }

  private ObjectNode fromFlags() {
    if (name == null || image == null) {
      throw Failure.usage("deploy: expected -f FILE, or APP and --image IMAGE");
    }
    ObjectNode app = JSON.createObjectNode();
    app.put("apiVersion", Api.GROUP + "/" + Api.VERSION).put("kind", "WasmApp");
    app.putObject("metadata").put("name", name);
    change(app.putObject("spec"));
    return app;
  }

  private List<ObjectNode> fromFiles() {
    var objects = new ArrayList<ObjectNode>();
    for (Path file : files) {
      for (JsonNode document : Manifest.read(file).documents()) {
        ObjectNode object = document.deepCopy();
        if (isApp(object) && (name == null || name.equals(nameOf(object)))) {
          change(object.withObject("/spec"));
        }
        objects.add(object);
      }
    }
    return objects;
  }

  private void change(ObjectNode spec) {
    if (image != null) {
      spec.put("image", image);
    }
    if (replicas != null) {
      spec.put("replicas", replicas);
    }
    flags.kind().ifPresent(kind -> spec.remove(List.of("http", "worker", "job", "cron")));
    flags
        .fields(args)
        .forEach((field, value) ->
            spec.set(field, Serialization.unmarshal(Serialization.asJson(value), JsonNode.class)));
  }

  private void apply(Cluster in, ObjectNode object) {
    var resource = Serialization.unmarshal(object.toString(), GenericKubernetesResource.class);
    var handle =
        resource.getMetadata().getNamespace() == null
            ? in.client().resource(resource).inNamespace(in.namespace())
            : in.client().resource(resource);
    var asManager = handle.fieldManager(MANAGER);
    var _ = force ? asManager.forceConflicts().serverSideApply() : asManager.serverSideApply();
    terminal.print(
        "%s/%s applied"
            .formatted(
                resource.getKind().toLowerCase(java.util.Locale.ROOT),
                resource.getMetadata().getName()));
  }

  private int await(Cluster in, List<ObjectNode> objects) {
    for (ObjectNode object : objects) {
      if (isApp(object)) {
        String namespace = object.path("metadata").path("namespace").asText(in.namespace());
        int code =
            Await.settled(
                new Cluster(in.client(), namespace),
                Objects.requireNonNull(nameOf(object)),
                Duration.ofSeconds(timeoutSeconds),
                terminal);
        if (code != Exit.OK) {
          return code;
        }
      }
    }
    return Exit.OK;
  }

  private static boolean isApp(JsonNode object) {
    return object.path("kind").asText().equals("WasmApp");
  }

  private static String nameOf(JsonNode object) {
    return object.path("metadata").path("name").asText("");
  }
}
