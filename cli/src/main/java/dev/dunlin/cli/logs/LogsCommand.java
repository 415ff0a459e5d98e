package dev.dunlin.cli.logs;

import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin logs}. */
@Command(
    name = "logs",
    description =
        "Prints what an app writes, through the API server: all its instances in the order of time, or one of them.")
public final class LogsCommand implements Callable<Integer> {
  private static final String BASE = "/apis/logs.dunlin.dev/v1alpha1/namespaces/";
  private static final int PIECE = 16 << 10;

  private final Terminal terminal;

  @Parameters(paramLabel = "APP", description = "A WasmApp.")
  private String app = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with what is written.")
  private boolean follow;

  @Option(
      names = {"-p", "--previous"},
      description = "The run before the present one.")
  private boolean previous;

  @Option(names = "--tail", paramLabel = "LINES", description = "The last lines of each instance.")
  private @Nullable Integer tail;

  @Option(names = "--since", paramLabel = "SECONDS", description = "What was written since.")
  private @Nullable Integer since;

  @Option(names = "--timestamps", description = "Each line begins with its time.")
  private boolean timestamps;

  @Option(names = "--instance", paramLabel = "NAME", description = "Of this instance alone.")
  private @Nullable String instance;

  @Option(
      names = "--prefix",
      negatable = true,
      description = "Whether each line begins with its instance's name.")
  private @Nullable Boolean prefix;

  @Mixin private final ClusterFlags cluster = new ClusterFlags();

  public LogsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    return cluster.with(in -> {
      String path = BASE + in.namespace() + "/wasmapps/" + app + "/log?" + query();
      HttpResponse<InputStream> answer =
          follow ? in.follow(path, InputStream.class) : in.get(path, InputStream.class);
      try (InputStream body = answer.body()) {
        if (answer.code() != 200) {
          throw refused(in, answer.code(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
        copy(body);
      }
      return Exit.OK;
    });
  }

  private String query() {
    var query = new LinkedHashMap<String, Object>();
    query.put("follow", follow);
    query.put("previous", previous);
    query.put("timestamps", timestamps);
    put(query, "tailLines", tail);
    put(query, "sinceSeconds", since);
    put(query, "instance", instance);
    put(query, "prefix", prefix);
    return query.entrySet().stream()
        .map(it ->
            it.getKey()
                + "="
                + URLEncoder.encode(String.valueOf(it.getValue()), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static void put(Map<String, Object> query, String name, @Nullable Object value) {
    if (value != null) {
      query.put(name, value);
    }
  }

  /** Until there is no more, or the user has had enough. */
  private void copy(InputStream body) throws IOException {
    Thread ending =
        Thread.ofVirtual()
            .start(() -> {
              try {
                terminal.ended().await();
                body.close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                terminal.say("dunlin: " + e);
              }
            });
    byte[] piece = new byte[PIECE];
    try {
      for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
        terminal.out().write(piece, 0, n);
        terminal.out().flush();
      }
    } catch (IOException e) {
      if (terminal.ended().getCount() > 0) {
        throw new Failure(Exit.UNREACHABLE, "logs of %s broke off: %s".formatted(app, e), e);
      }
    } finally {
      ending.interrupt();
    }
  }

  private Failure refused(Cluster in, int code, String body) {
    if (code == 404 && !body.contains("\"reason\":\"NotFound\"")) {
      return new Failure(
          "%s: expected the API logs.dunlin.dev, found none: the operator serves it (docs/logs.md)"
              .formatted(in.client().getMasterUrl()));
    }
    String message = Cluster.message(body);
    return new Failure(
        code == 401 || code == 403 || code == 503 ? Exit.UNREACHABLE : Exit.FAILED,
        "logs of %s: %d %s".formatted(app, code, message));
  }
}
