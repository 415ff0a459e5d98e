package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.cluster.ControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;

/**
 * The first request to apps whose instances and modules have been given up, so that their compiled
 * code is on the disk alone: one after another, and many at once. Each app has a module of its own.
 */
final class WakePart {
  private static final String[] FLAGS = {"--idle-after-seconds=1", "--forget-code-after-seconds=2"};

  /** Until code has been given up again is waited for with this metric. */
  private static final String MODULES = "dunlin_agent_modules";

  /** The client's and the agent's own code is compiled meanwhile. */
  private static final int WARM_UP = 2;

  private final Plan plan;
  private final ControlPlane controlPlane;
  private final List<Double> rust = new ArrayList<>();
  private final List<Double> js = new ArrayList<>();
  private final List<Double> warm = new ArrayList<>();
  private final List<Map<String, Object>> herds = new ArrayList<>();

  WakePart(Plan plan, ControlPlane controlPlane) {
    this.plan = plan;
    this.controlPlane = controlPlane;
  }

  Map<String, Object> measure() throws IOException, InterruptedException {
    try (var node = AgentNode.start(controlPlane, "wake", "1g", FLAGS)) {
      var apps = give(node, "rust", plan.rust(), plan.together());
      var jsApps = plan.js() == null ? List.<App>of() : give(node, "js", plan.js(), 1);
      node.awaitReady();
      node.awaitCompiled();
      for (int cycle = 0; cycle < WARM_UP + plan.wakeCycles(); cycle++) {
        if (cycle == WARM_UP) forgetWarmUp();
        awaitForgotten(node);
        for (App app : jsApps) js.add(millis(app.ask("/hello")));
        for (App app : apps) rust.add(millis(app.ask("/hello")));
        for (App app : apps) warm.add(millis(app.ask("/hello")));
      }
      for (int herd = 0; herd < 1 + plan.herds(); herd++) {
        awaitForgotten(node);
        var one = together(apps);
        if (herd > 0) herds.add(one);
      }
      var found = new LinkedHashMap<String, Object>();
      found.put("rust_ms", rust);
      found.put("js_ms", js);
      found.put("warm_ms", warm);
      found.put("together", plan.together());
      found.put("herds", herds);
      return found;
    }
  }

  private static List<App> give(AgentNode node, String name, Path module, int count)
      throws IOException {
    var variants = Variants.of(node.registry(), name, module);
    var apps = new ArrayList<App>();
    for (int i = 0; i < count; i++) apps.add(node.give(variants.image(i), ""));
    return apps;
  }

  private void forgetWarmUp() {
    rust.clear();
    js.clear();
    warm.clear();
  }

  private static void awaitForgotten(AgentNode node) {
    node.awaitMetric(MODULES, 0);
  }

  /** All at once; from the first that is sent to the whole of each answer. */
  private static Map<String, Object> together(List<App> apps)
      throws IOException, InterruptedException {
    var start = new Phaser(apps.size() + 1);
    var asked = new ArrayList<Future<Long>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (App app : apps) {
        asked.add(
            threads.submit(() -> {
              start.arriveAndAwaitAdvance();
              app.ask("/hello");
              return System.nanoTime();
            }));
      }
      while (start.getArrivedParties() < apps.size()) Thread.onSpinWait();
      long begun = System.nanoTime();
      start.arrive();
      var millis = new ArrayList<Double>();
      for (var answer : asked) millis.add(millis(answer.get() - begun));
      millis.sort(null);
      TrafficBench.say("%d woken at once: the last after %.0f ms", apps.size(), millis.getLast());
      return Map.of("ms", millis);
    } catch (ExecutionException e) {
      throw new IOException("not all were answered", e.getCause());
    }
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
