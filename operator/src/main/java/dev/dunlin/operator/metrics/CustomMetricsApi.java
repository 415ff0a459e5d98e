package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.https.Response;
import dev.dunlin.operator.aggregate.ApiGroup;
import dev.dunlin.operator.aggregate.ApiRequest;
import dev.dunlin.operator.aggregate.ApiResource;
import dev.dunlin.operator.aggregate.Documents;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code custom.metrics.k8s.io}: metrics of an app, as a HorizontalPodAutoscaler asks for them
 * (type Object).
 */
public final class CustomMetricsApi implements ApiGroup {
  public static final String GROUP = "custom.metrics.k8s.io";
  public static final String VERSION = "v1beta2";

  private static final String RESOURCE = "wasmapps." + Api.GROUP;
  private static final String ALL_APPS = "*";

  private final FoundApps apps;

  public CustomMetricsApi(FoundApps apps) {
    this.apps = apps;
  }

  @Override
  public String name() {
    return GROUP;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public List<String> otherVersions() {
    return List.of("v1beta1");
  }

  @Override
  public List<ApiResource> resources() {
    return Metric.ALL.stream()
        .map(metric -> new ApiResource(RESOURCE + "/" + metric.name(), "MetricValueList"))
        .toList();
  }

  @Override
  public void answer(ApiRequest request, Response response) throws IOException {
    Optional<Metric> metric = Metric.of(request.subresource());
    if (!request.resource().equals(RESOURCE) || metric.isEmpty()) {
      Documents.refuse(
          response,
          404,
          "the server could not find the metric %s for %s"
              .formatted(request.subresource(), request.resource()));
      return;
    }
    if (!request.parameter("metricLabelSelector").isEmpty()) {
      Documents.refuse(
          response, 400, "metricLabelSelector: metrics of apps have no labels to select by");
      return;
    }
    try {
      var values =
          request.name().equals(ALL_APPS)
              ? apps.selected(request.namespace(), request.parameter("labelSelector"), metric.get())
              : List.of(apps.named(request.namespace(), request.name(), metric.get()));
      Silent.warn(values, response);
      Documents.send(response, 200, list(request.namespace(), values));
    } catch (FoundApps.UnknownException e) {
      Documents.refuse(response, e.code(), String.valueOf(e.getMessage()));
    }
  }

  private static Object list(String namespace, List<FoundApps.Value> values) {
    return Map.of(
        "kind",
        "MetricValueList",
        "apiVersion",
        GROUP + "/" + VERSION,
        "metadata",
        Map.of(),
        "items",
        values.stream().map(value -> item(namespace, value)).toList());
  }

  private static Object item(String namespace, FoundApps.Value value) {
    var item = new LinkedHashMap<String, Object>();
    item.put(
        "describedObject",
        Map.of(
            "kind",
            "WasmApp",
            "namespace",
            namespace,
            "name",
            value.app(),
            "apiVersion",
            Api.GROUP + "/" + Api.VERSION));
    item.put("metric", Map.of("name", value.metric().name()));
    item.put("timestamp", value.timestamp());
    if (value.metric().overWindow())
      item.put("windowSeconds", value.figures().window().toSeconds());
    item.put("value", value.amount());
    return item;
  }
}
