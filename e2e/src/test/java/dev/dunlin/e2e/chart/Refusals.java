package dev.dunlin.e2e.chart;

import dev.dunlin.e2e.cluster.Kubectl;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an API server has forbidden so far, by its own count: by verb and resource, e.g. {@code LIST
 * secrets}.
 */
record Refusals(Map<String, Integer> counts) {
  private static final Pattern COUNT =
      Pattern.compile("(?m)^apiserver_request_total\\{([^}]*code=\"403\"[^}]*)} (\\d+)");

  static Refusals of(Kubectl kubectl) {
    var counts = new TreeMap<String, Integer>();
    COUNT
        .matcher(kubectl.run("get", "--raw", "/metrics"))
        .results()
        .forEach(found -> {
          String labels = found.group(1);
          String subresource = label(labels, "subresource");
          counts.merge(
              label(labels, "verb")
                  + " "
                  + label(labels, "resource")
                  + (subresource.isEmpty() ? "" : "/" + subresource),
              Integer.parseInt(found.group(2)),
              Integer::sum);
        });
    return new Refusals(counts);
  }

  /** What has been forbidden since. */
  Map<String, Integer> since(Refusals before) {
    var more = new TreeMap<>(counts);
    before.counts().forEach((what, count) -> more.merge(what, -count, Integer::sum));
    more.values().removeIf(count -> count == 0);
    return more;
  }

  private static String label(String labels, String name) {
    var found = Pattern.compile("(?:^|,)" + name + "=\"([^\"]*)\"").matcher(labels);
    return found.find() ? found.group(1) : "";
  }
}
