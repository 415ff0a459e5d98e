package dev.dunlin.e2e.bench.scale;

import dev.dunlin.e2e.child.Child;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the API server says of itself, and what it costs. */
final class ApiServer {
  private static final Pattern REQUESTS =
      Pattern.compile("(?m)^apiserver_request_total\\{([^}]*)\\} (\\S+)$");
  private static final Pattern CUT_WATCHES =
      Pattern.compile("(?m)^apiserver_terminated_watchers_total\\{[^}]*\\} (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE");

  private final KubernetesClient client;

  ApiServer(KubernetesClient client) {
    this.client = client;
  }

  /** Successful writes so far, by kind: {@code "wasmapps/status APPLY"}; refused ones by code. */
  Map<String, Long> writes() {
    var writes = new TreeMap<String, Long>();
    var matcher = REQUESTS.matcher(client.raw("/metrics"));
    while (matcher.find()) {
      var labels = new TreeMap<String, String>();
      var label = LABEL.matcher(matcher.group(1));
      while (label.find()) labels.put(label.group(1), label.group(2));
      if (!WRITES.contains(labels.get("verb"))) continue;
      String sub = labels.getOrDefault("subresource", "");
      String code = labels.getOrDefault("code", "");
      String key =
          labels.get("resource")
              + (sub.isEmpty() ? "" : "/" + sub)
              + " "
              + labels.get("verb")
              + (code.startsWith("2") ? "" : " " + code);
      writes.merge(key, (long) Double.parseDouble(matcher.group(2)), Long::sum);
    }
    return writes;
  }

  /** How many watches it has cut so far because they did not keep up. */
  long cutWatches() {
    return CUT_WATCHES
        .matcher(client.raw("/metrics"))
        .results()
        .mapToLong(it -> (long) Double.parseDouble(it.group(1)))
        .sum();
  }

  /** What came on top. */
  static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
    var difference = new TreeMap<String, Long>();
    after.forEach((key, value) -> {
      long more = value - before.getOrDefault(key, 0L);
      if (more != 0) difference.put(key, more);
    });
    return difference;
  }

  /** CPU time of kube-apiserver and etcd together. */
  static Duration cpu() {
    return Child.all().stream()
        .filter(child -> Set.of("kube-apiserver", "etcd").contains(child.name()))
        .map(child -> cpu(child.pid()))
        .reduce(Duration.ZERO, Duration::plus);
  }

  static Duration cpu(long pid) {
    return ProcessHandle.of(pid).flatMap(it -> it.info().totalCpuDuration()).orElse(Duration.ZERO);
  }
}
