package dev.dunlin.operator.metrics;

import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent answers to {@code GET /apps}.
 *
 * @param latencyBounds upper bounds of the buckets of each reading's latency, in seconds, rising
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record AgentPage(List<Double> latencyBounds, List<Reading> apps) {
  private static final ObjectReader JSON = new ObjectMapper().readerFor(AgentPage.class);

  AgentPage {
    latencyBounds = List.copyOf(latencyBounds);
    apps = List.copyOf(apps);
  }

  /**
   * Reads it.
   *
   * @throws IOException when it is something else; the message says what was expected
   */
  static AgentPage parse(byte[] json) throws IOException {
    @Nullable AgentPage page;
    try {
      page = JSON.readValue(json);
    } catch (JsonProcessingException e) {
      throw new IOException("expected {latencyBounds, apps}: " + e.getOriginalMessage(), e);
    }
    if (page == null || page.latencyBounds.isEmpty())
      throw new IOException("expected latencyBounds, found none");
    for (var reading : page.apps)
      if (reading.latency().size() != page.latencyBounds.size() + 1
          || reading.status().size() != Reading.CLASSES)
        throw new IOException(
            "expected %d classes of answers and %d buckets of %s/%s, found %d and %d"
                .formatted(
                    Reading.CLASSES,
                    page.latencyBounds.size() + 1,
                    reading.namespace(),
                    reading.app(),
                    reading.status().size(),
                    reading.latency().size()));
    return page;
  }

  Map<AppKey, List<Reading>> byApp() {
    return apps.stream().collect(groupingBy(it -> new AppKey(it.namespace(), it.app())));
  }
}
