package dev.dunlin.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What {@code kubectl get} prints: the API server's own table of a collection, by the kind's
 * printer columns.
 *
 * @param header column titles
 * @param rows cells as text, in the columns' order
 */
record Table(List<String> header, List<List<String>> rows) {
  private static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io";

  Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Reads the table of a collection, e.g. {@code /apis/dunlin.dev/v1alpha1/wasmnodes}. */
  static Table read(KubernetesClient client, String path, boolean wide) {
    String url = URI.create(client.getMasterUrl().toString()).resolve(path).toString();
    var http = client.getHttpClient();
    try {
      HttpResponse<String> answer =
          http.sendAsync(
                  http.newHttpRequestBuilder().uri(url).header("Accept", ACCEPT).build(),
                  String.class)
              .get(10, TimeUnit.SECONDS);
      if (!answer.isSuccessful()) {
        throw new IllegalStateException(
            "GET " + url + ": expected 200, found " + answer.code() + " " + answer.bodyString());
      }
      return of(new KubernetesSerialization().unmarshal(answer.bodyString(), JsonNode.class), wide);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("GET " + url + ": expected a table, found " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading " + url, e);
    }
  }

  static Table of(JsonNode table, boolean wide) {
    var shown = new ArrayList<Integer>();
    var header = new ArrayList<String>();
    JsonNode columns = table.path("columnDefinitions");
    for (int at = 0; at < columns.size(); at++) {
      if (columns.get(at).path("priority").asInt() > 0 && !wide) continue;
      shown.add(at);
      header.add(columns.get(at).path("name").asText().toUpperCase(Locale.ROOT));
    }
    var rows = new ArrayList<List<String>>();
    for (JsonNode row : table.path("rows")) {
      rows.add(
          shown.stream()
              .map(at -> row.path("cells").path(at))
              .map(cell -> cell.isNull() ? "" : cell.asText())
              .toList());
    }
    return new Table(header, rows);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Without the columns of those titles. */
  Table without(String... titles) {
    var hidden = List.of(titles);
    return new Table(
        header.stream().filter(title -> !hidden.contains(title)).toList(),
        rows.stream().map(row -> kept(row, hidden)).toList());
  }

  private List<String> kept(List<String> row, List<String> hidden) {
    var kept = new ArrayList<String>();
    for (int at = 0; at < row.size(); at++) {
      if (!hidden.contains(header.get(at))) kept.add(row.get(at));
    }
    return kept;
  }

  /** Padded to columns, as kubectl pads. */
  String text() {
    var lines = new StringBuilder();
    int[] widths = new int[header.size()];
    var all = new ArrayList<List<String>>();
    all.add(header);
    all.addAll(rows);
    for (List<String> row : all) {
      for (int at = 0; at < row.size(); at++)
        widths[at] = Math.max(widths[at], row.get(at).length());
    }
    for (List<String> row : all) {
      var line = new StringBuilder();
      for (int at = 0; at < row.size(); at++) {
        line.append(row.get(at)).append(" ".repeat(widths[at] - row.get(at).length() + 3));
      }
      lines.append(line.toString().stripTrailing()).append('\n');
    }
    return lines.toString();
  }
}
