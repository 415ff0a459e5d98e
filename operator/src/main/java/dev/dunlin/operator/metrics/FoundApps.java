package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The apps that the metrics APIs are asked about, and what is known of them. */
public final class FoundApps {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /** A HorizontalPodAutoscaler's controller asks with five workers: most of them go on. */
  private static final int MOST_WAITING = 2;

  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final KubernetesClient client;
  private final AppMetrics metrics;
  private final Clock clock;

  public FoundApps(KubernetesClient client, AppMetrics metrics, Clock clock) {
    this.client = client;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * One metric of one app.
   *
   * @param timestamp of the newest reading in it, RFC 3339
   */
  record Value(String app, Metric metric, Figures figures, String timestamp) {
    String amount() {
      return Amount.of(metric.value().applyAsDouble(figures));
    }
  }

  /** Nothing can be said; the message is for whoever asks. */
  static final class UnknownException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    UnknownException(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** The app of that name; of one that is asked about for the first time, in a moment. */
  Value named(String namespace, String app, Metric metric) throws UnknownException {
    Optional<Value> value = value(namespace, app, metric);
    if (value.isPresent()) return value.get();
    if (client.resources(WasmApp.class).inNamespace(namespace).withName(app).get() == null)
      throw new UnknownException(404, "wasmapps.dunlin.dev \"" + app + "\" not found");
    await(namespace, List.of(app), metric);
    return value(namespace, app, metric).orElseThrow(() -> unknown(namespace, app, metric));
  }

  /** Those that a selector means and that something is known of, or will be in a moment. */
  List<Value> selected(String namespace, String selector, Metric metric) throws UnknownException {
    var meant = AppSelector.parse(selector);
    List<String> apps =
        list(namespace, meant.labels()).stream().filter(meant::means).sorted().toList();
    await(namespace, apps, metric);
    List<Value> values =
        apps.stream().flatMap(app -> value(namespace, app, metric).stream()).toList();
    if (values.isEmpty() && !apps.isEmpty()) throw unknown(namespace, apps.getFirst(), metric);
    return values;
  }

  /**
   * Until something is known of each, or will not soon be; not at all where others wait already.
   */
  private void await(String namespace, List<String> apps, Metric metric) {
    if (!isAwaited(namespace, apps, metric) || !waiting.tryAcquire()) return;
    try {
      while (isAwaited(namespace, apps, metric)) Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.release();
    }
  }

  private boolean isAwaited(String namespace, List<String> apps, Metric metric) {
    return apps.stream()
        .anyMatch(
            app -> value(namespace, app, metric).isEmpty() && metrics.isAwaited(namespace, app));
  }

  private List<String> list(String namespace, String labels) throws UnknownException {
    var all = client.resources(WasmApp.class).inNamespace(namespace);
    try {
      var found = labels.isEmpty() ? all.list() : all.withLabelSelector(labels).list();
      return found.getItems().stream().map(app -> app.getMetadata().getName()).toList();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) throw e;
      throw new UnknownException(400, "labelSelector: " + e.getStatus().getMessage());
    }
  }

  private Optional<Value> value(String namespace, String app, Metric metric) {
    return metrics
        .figures(namespace, app)
        .filter(metric::isKnown)
        .map(figures ->
            new Value(
                app,
                metric,
                figures,
                clock.instant().minus(figures.age()).truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private UnknownException unknown(String namespace, String app, Metric metric) {
    String why =
        metrics.figures(namespace, app).isPresent()
            ? "its agents have been read only once: ask again in a moment"
            : metrics.whyUnknown(namespace, app);
    return new UnknownException(
        503, "%s of app %s is not known: %s".formatted(metric.name(), app, why));
  }
}
