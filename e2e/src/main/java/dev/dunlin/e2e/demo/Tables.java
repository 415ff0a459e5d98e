package dev.dunlin.e2e.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Some collections as {@code kubectl get} would show them, again whenever they have changed. */
final class Tables {
  static final String NODES = "wasmnodes";
  static final String APPS = "wasmapps";
  static final String INSTANCES = "wasminstances";

  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final Screen screen;
  private final KubernetesClient client;
  private final String namespace;
  private final Map<String, Table> shown = new HashMap<>();
  private List<String> watched = List.of();
  private long lastShown = System.nanoTime();

  Tables(Screen screen, KubernetesClient client, String namespace) {
    this.screen = screen;
    this.client = client;
    this.namespace = namespace;
  }

  /** From now on these collections are shown, where they differ from what was shown last. */
  void watch(String... collections) {
    watched = Arrays.asList(collections);
    screen.command("kubectl get " + String.join(",", watched) + " -w");
  }

  /** Shows what has changed, unless it showed something a moment ago and more may follow. */
  void showChangesCalmly() {
    if (System.nanoTime() - lastShown > BETWEEN.toNanos()) showChanges();
  }

  void showChanges() {
    lastShown = System.nanoTime();
    for (String collection : watched) {
      Table now = read(collection, false);
      Table before = shown.put(collection, now.without("AGE"));
      boolean changed = before == null ? !now.isEmpty() : !before.equals(now.without("AGE"));
      if (changed) screen.seen(now.text());
    }
  }

  /** All of them as they are now. */
  String text() {
    return watched.stream()
        .map(collection -> read(collection, true).text())
        .collect(Collectors.joining("\n"));
  }

  private Table read(String collection, boolean wide) {
    String place = collection.equals(NODES) ? "" : "namespaces/" + namespace + "/";
    return Table.read(client, "/apis/dunlin.dev/v1alpha1/" + place + collection, wide);
  }
}
