package dev.dunlin.agent.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.traffic.TrafficReading;
import dev.dunlin.https.Handler;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers {@code /apps}, to who may: what each app does here, by revision. {@code
 * app=NAMESPACE/APP} (repeatable), {@code namespace=NAMESPACE}, and both as {@code
 * namespace=NAMESPACE&app=APP} ask for some of them.
 */
final class AppsHandler implements Handler {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AppTraffic traffic;

  /** What is sent. */
  private record Body(List<Double> latencyBounds, List<Line> apps) {}

  private record Line(
      String namespace,
      String app,
      String revision,
      List<Long> status,
      List<Long> latency,
      double waitedSeconds,
      int inFlight,
      int waiting,
      double cpuSeconds,
      long memoryBytes,
      int instances,
      long coldStarts) {
    static Line of(TrafficReading it) {
      return new Line(
          it.namespace(),
          it.app(),
          it.revision(),
          it.status(),
          it.latency(),
          it.waitedSeconds(),
          it.inFlight(),
          it.waiting(),
          it.cpuSeconds(),
          it.memoryBytes(),
          it.instances(),
          it.coldStarts());
    }
  }

  AppsHandler(AppTraffic traffic) {
    this.traffic = traffic;
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    Predicate<AppKey> asked;
    try {
      asked = asked(request.query());
    } catch (IllegalArgumentException e) {
      response.send(400, e.getMessage() + "\n");
      return;
    }
    var body =
        new Body(traffic.latencyBounds(), traffic.read(asked).stream().map(Line::of).toList());
    response.send(200, "application/json", JSON.writeValueAsBytes(body));
  }

  /** Which apps are asked for. */
  private static Predicate<AppKey> asked(Map<String, List<String>> query) {
    Set<String> namespaces = Set.copyOf(query.getOrDefault("namespace", List.of()));
    List<String> apps = query.getOrDefault("app", List.of());
    if (apps.isEmpty()) {
      return app -> namespaces.isEmpty() || namespaces.contains(app.namespace());
    }
    Set<AppKey> keys = new HashSet<>();
    for (String app : apps) {
      int slash = app.indexOf('/');
      if (slash >= 0) {
        keys.add(new AppKey(app.substring(0, slash), app.substring(slash + 1)));
      } else if (namespaces.isEmpty()) {
        throw new IllegalArgumentException(
            "app: expected NAMESPACE/APP, or namespace=NAMESPACE beside it, found \"" + app + "\"");
      } else {
        namespaces.forEach(namespace -> keys.add(new AppKey(namespace, app)));
      }
    }
    return keys::contains;
  }
}
