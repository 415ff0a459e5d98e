package dev.dunlin.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Output;
import dev.dunlin.cli.terminal.Progress;
import dev.dunlin.cli.terminal.Table;
import dev.dunlin.cli.terminal.Terminal;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin top}. */
@Command(
    name = "top",
    description = {
      "Shows what apps do: requests, latency, errors, processors, memory, of the last half minute.",
      "The operator reads an app's agents once somebody asks, so a first answer takes a few seconds."
    })
public final class TopCommand implements Callable<Integer> {
  private static final String BASE = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/";
  private static final int UNKNOWN_YET = 503;

  /** In the order of the columns. */
  private static final List<String> METRICS =
      List.of(
          "requests_per_second",
          "concurrent_requests",
          "request_latency_p95_seconds",
          "error_ratio",
          "cpu_cores",
          "memory_bytes");

  private final Terminal terminal;

  @Parameters(arity = "0..1", paramLabel = "APP", description = "A WasmApp; without: all.")
  private @Nullable String name;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long it waits for first numbers (default: ${DEFAULT-VALUE}).")
  private int waitSeconds = 20;

  @Mixin private final Output output = new Output();
  @Mixin private final ClusterFlags cluster = new ClusterFlags();

  public TopCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What an app does; a metric that nobody knows is missing. */
  record Use(String app, Map<String, BigDecimal> metrics) {}

  @Override
  public Integer call() throws Exception {
    return cluster.with(in -> {
      List<String> names = names(in);
      List<Use> uses;
      try (var progress = new Progress(terminal, "reading the agents")) {
        uses = uses(in, names, progress);
      }
      output
          .format()
          .print(
              terminal,
              Map.of("items", uses),
              uses.stream().map(use -> "wasmapp.dunlin.dev/" + use.app()).toList(),
              () -> table(uses));
      return Exit.OK;
    });
  }

  private List<String> names(Cluster in) {
    if (name != null) {
      return List.of(in.requireApp(name).getMetadata().getName());
    }
    List<WasmApp> apps = in.apps(false);
    if (apps.isEmpty()) {
      terminal.say("No WasmApps found in namespace %s.".formatted(in.namespace()));
    }
    return apps.stream().map(app -> app.getMetadata().getName()).toList();
  }

  private List<Use> uses(Cluster in, List<String> names, Progress progress)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
    // All are asked first, so that their agents are read at the same time.
    for (String app : names) {
      var _ = value(in, app, METRICS.getFirst());
    }
    var uses = new ArrayList<Use>();
    for (String app : names) {
      var metrics = new LinkedHashMap<String, BigDecimal>();
      for (String metric : METRICS) {
        Optional<BigDecimal> value = value(in, app, metric);
        while (value.isEmpty() && System.nanoTime() < end) {
          progress.at(app);
          // The operator reads its agents every few seconds; there is nothing to watch.
          if (terminal.ended().await(500, TimeUnit.MILLISECONDS)) {
            throw new Failure("interrupted");
          }
          value = value(in, app, metric);
        }
        value.ifPresent(it -> metrics.put(metric, it));
      }
      uses.add(new Use(app, metrics));
    }
    return uses;
  }

  /** Empty where nothing is known yet. */
  private static Optional<BigDecimal> value(Cluster in, String app, String metric)
      throws InterruptedException {
    String path = BASE + in.namespace() + "/wasmapps.dunlin.dev/" + app + "/" + metric;
    HttpResponse<String> answer = in.get(path, String.class);
    if (answer.code() == UNKNOWN_YET) {
      return Optional.empty();
    }
    if (answer.code() != 200) {
      throw new Failure(
          answer.code() == 401 || answer.code() == 403 ? Exit.UNREACHABLE : Exit.FAILED,
          "metrics of %s: %d %s%s"
              .formatted(
                  app,
                  answer.code(),
                  Cluster.message(answer.body()),
                  answer.code() == 404
                      ? " (the operator serves custom.metrics.k8s.io: docs/autoscaling.md)"
                      : ""));
    }
    JsonNode items = Serialization.unmarshal(answer.body(), JsonNode.class).path("items");
    return items.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Quantity.getAmountInBytes(Quantity.parse(items.get(0).path("value").asText("0"))));
  }

  private static List<String> table(List<Use> uses) {
    if (uses.isEmpty()) {
      return List.of();
    }
    var table = new Table("APP", "REQ/S", "AT ONCE", "P95", "ERRORS", "CPU", "MEMORY");
    for (Use use : uses) {
      table.row(
          use.app(),
          text(use, "requests_per_second", "%.1f", 1),
          text(use, "concurrent_requests", "%.0f", 1),
          text(use, "request_latency_p95_seconds", "%.1f ms", 1_000),
          text(use, "error_ratio", "%.1f%%", 100),
          text(use, "cpu_cores", "%.0fm", 1_000),
          text(use, "memory_bytes", "%.1fMi", 1.0 / (1 << 20)));
    }
    return table.lines();
  }

  private static String text(Use use, String metric, String format, double times) {
    BigDecimal value = use.metrics().get(metric);
    return value == null ? "-" : String.format(Locale.ROOT, format, value.doubleValue() * times);
  }
}
