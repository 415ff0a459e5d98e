package dev.dunlin.e2e.bench.scale;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.child.Child;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.operator.OperatorMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The operator in a JVM of its own, with the collector and the compilers that a user's has. */
final class OperatorProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Child child;
  private final int adminPort;
  private final HttpClient http = HttpClient.newHttpClient();

  OperatorProcess(Path kubeconfig, Path log, List<String> flags) {
    adminPort = Ports.free();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        Stream.concat(
                Stream.of(
                    java,
                    "-Xmx1g",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    OperatorMain.class.getName(),
                    "--admin-port=" + adminPort,
                    "--aggregated-api-port=0",
                    "--leader-elect=false"),
                flags.stream())
            .toList();
    child = Child.start("operator", command, Map.of("KUBECONFIG", kubeconfig.toString()), log);
  }

  OperatorProcess awaitReady() {
    Await.until("the operator is ready", PATIENCE, this::isReady, () -> "\n" + child.tail(40));
    return this;
  }

  private boolean isReady() {
    if (!child.isAlive()) throw new IllegalStateException("The operator ended:\n" + child.tail(40));
    try {
      return get("/readyz").equals("ok\n");
    } catch (IOException notYet) {
      return false;
    }
  }

  Duration cpu() {
    return ApiServer.cpu(child.pid());
  }

  /** Bytes of live objects: what is in use after a full collection. */
  long liveHeapBytes() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, Long.toString(child.pid()), "GC.run")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) throw new IOException("jcmd GC.run: " + said);
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String get(String path) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  long pid() {
    return child.pid();
  }

  @Override
  public void close() {
    child.close();
    http.close();
  }
}
