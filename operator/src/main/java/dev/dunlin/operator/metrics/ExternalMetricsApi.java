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

/** {@code external.metrics.k8s.io}: the same metrics, of all apps that a selector means. */
public final class ExternalMetricsApi implements ApiGroup {
  public static final String GROUP = "external.metrics.k8s.io";
  public static final String VERSION = "v1beta1";

  private final FoundApps apps;

  public ExternalMetricsApi(FoundApps apps) {
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
  public List<ApiResource> resources() {
    return Metric.ALL.stream()
        .map(metric -> new ApiResource(metric.name(), "ExternalMetricValueList"))
        .toList();
  }

  @Override
  public void answer(ApiRequest request, Response response) throws IOException {
    Optional<Metric> metric = Metric.of(request.resource());
    if (metric.isEmpty() || !request.name().isEmpty()) {
      Documents.refuse(response, 404, "the server could not find the metric " + request.resource());
      return;
    }
    try {
      var values =
          apps.selected(request.namespace(), request.parameter("labelSelector"), metric.get());
      Silent.warn(values, response);
      Documents.send(
          response,
          200,
          Map.of(
              "kind",
              "ExternalMetricValueList",
              "apiVersion",
              GROUP + "/" + VERSION,
              "metadata",
              Map.of(),
              "items",
              values.stream().map(ExternalMetricsApi::item).toList()));
    } catch (FoundApps.UnknownException e) {
      Documents.refuse(response, e.code(), String.valueOf(e.getMessage()));
    }
  }

  private static Object item(FoundApps.Value value) {
    var item = new LinkedHashMap<String, Object>();
    item.put("metricName", value.metric().name());
    item.put("metricLabels", Map.of(Api.APP_LABEL, value.app()));
    item.put("timestamp", value.timestamp());
    if (value.metric().overWindow()) item.put("window", value.figures().window().toSeconds());
    item.put("value", value.amount());
    return item;
  }
}
