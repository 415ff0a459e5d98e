package dev.dunlin.operator.metrics;

import dev.dunlin.https.Response;
import java.util.List;
import java.util.stream.Collectors;

/** Says of which agents nothing is known, in a way that kubectl shows to people. */
final class Silent {
  static void warn(List<FoundApps.Value> values, Response response) {
    String text =
        values.stream()
            .filter(value -> value.figures().silent() > 0)
            .map(value ->
                "%d of %d agents of app %s do not answer and count for nothing"
                    .formatted(value.figures().silent(), value.figures().nodes(), value.app()))
            .collect(Collectors.joining("; "));
    if (!text.isEmpty()) response.header("Warning", "299 - \"" + text + "\"");
  }

  private Silent() {}
}
