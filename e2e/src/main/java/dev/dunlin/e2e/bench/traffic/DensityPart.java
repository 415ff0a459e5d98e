package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.cluster.ControlPlane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * How many apps an agent has room for: idle ones, whose instances and code have been given up, and
 * active ones, each with a live instance and a request every few seconds.
 */
final class DensityPart {
  private static final String[] FLAGS = {
    "--idle-after-seconds=2",
    "--forget-code-after-seconds=4",
    "--max-instances=20000",
    "--allocatable-memory=6Gi" // a live guest counts with all of its linear memory, touched or not
  };
  private static final String ACTIVE = "\"idleAfterSeconds\": 3600, \"reuse\": 1000000";
  private static final int CREATORS = 16;
  private static final int CLIENTS = 8;

  /** Each active app is asked about once in so long. */
  private static final long EVERY_SECONDS = 5;

  private final Plan plan;
  private final ControlPlane controlPlane;
  private final List<App> idle = new ArrayList<>();
  private final List<App> active = new ArrayList<>();
  private final List<Map<String, Object>> stages = new ArrayList<>();
  private final Map<String, Object> found = new LinkedHashMap<>();

  DensityPart(Plan plan, ControlPlane controlPlane) {
    this.plan = plan;
    this.controlPlane = controlPlane;
    found.put("modules", plan.modules());
    found.put("stages", stages);
  }

  void measure(Consumer<Map<String, Object>> keep) throws IOException, InterruptedException {
    try (var node = AgentNode.start(controlPlane, "density", "2g", FLAGS)) {
      sample(node, "empty", keep);
      var rust = Variants.of(node.registry(), "rust", plan.rust());
      var images = new ArrayList<String>();
      for (int i = 0; i < plan.modules(); i++) images.add(rust.image(i));
      node.registry().forgetRequests();
      for (int apps : plan.idle()) {
        grow(node, idle, apps, images, "");
        node.awaitMetric("dunlin_agent_modules", 0);
        sample(node, "idle", keep);
      }
      for (int apps : new int[] {plan.active() / 4, plan.active() / 2, plan.active()}) {
        grow(node, active, apps, images, ACTIVE);
        ask(active); // each has its instance from now on
        sample(node, "active", keep);
      }
      serve(node, keep);
    }
  }

  private void grow(AgentNode node, List<App> apps, int to, List<String> images, String http)
      throws InterruptedException {
    var pending = new ArrayList<Future<App>>();
    try (var threads = Executors.newFixedThreadPool(CREATORS)) {
      for (int i = apps.size(); i < to; i++) {
        String image = images.get(i % images.size());
        pending.add(threads.submit(() -> node.give(image, http)));
      }
      for (var app : pending) apps.add(app.get());
    } catch (ExecutionException e) {
      throw new IllegalStateException("an app could not be made", e.getCause());
    }
    node.awaitReady();
    node.awaitCompiled();
  }

  /** All that is there answers: the active ones all the time, every idle one once. */
  private void serve(AgentNode node, Consumer<Map<String, Object>> keep)
      throws InterruptedException {
    var over = new AtomicBoolean();
    var answers = new AtomicLong();
    try (var threads = Executors.newFixedThreadPool(1)) {
      var asking =
          threads.submit(() -> {
            while (!over.get()) answers.addAndGet(ask(active, EVERY_SECONDS));
            return answers.get();
          });
      long woken;
      try {
        LockSupport.parkNanos(plan.activeSeconds() * 1_000_000_000L);
        woken = ask(idle);
      } finally {
        over.set(true);
      }
      found.put("active_answers", asking.get());
      found.put("idle_answers", woken);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an active app did not answer", e.getCause());
    }
    sample(node, "all have answered", keep);
  }

  private static long ask(List<App> apps) throws InterruptedException {
    return ask(apps, 0);
  }

  /** Asks each once, spread over that time; how many answered well, which all must. */
  private static long ask(List<App> apps, long seconds) throws InterruptedException {
    long begun = System.nanoTime();
    var pending = new ArrayList<Future<Long>>();
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < apps.size(); i++) {
        App app = apps.get(i);
        long due = begun + seconds * 1_000_000_000L * i / apps.size();
        pending.add(
            threads.submit(() -> {
              LockSupport.parkNanos(due - System.nanoTime());
              return app.ask("/hello");
            }));
      }
      for (var answer : pending) answer.get();
      return apps.size();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an app did not answer", e.getCause());
    }
  }

  private void sample(AgentNode node, String what, Consumer<Map<String, Object>> keep) {
    var stage = new LinkedHashMap<String, Object>();
    stage.put("what", what);
    stage.put("idle", idle.size());
    stage.put("active", active.size());
    stage.put("rss_kib", node.kib("VmRSS"));
    stage.put("peak_kib", node.kib("VmHWM"));
    stage.put("threads", node.kib("Threads"));
    stage.put("modules", node.metric("dunlin_agent_modules"));
    stages.add(stage);
    TrafficBench.say("%s", stage);
    keep.accept(found);
  }
}
