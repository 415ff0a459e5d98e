package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.cluster.ControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A quiet app at a steady, low rate, by itself and then beside one that takes all it can get, in
 * turns.
 */
final class NeighbourPart {
  private static final String ALONE = "alone";
  private static final List<String> NOISES = List.of("spin", "flood", "fill");

  /** Processes that spin outside of the agent: what the machine itself makes of it. */
  private static final String OUTSIDE = "outside";

  private static final int QUIET_CONNECTIONS = 4;

  /** Requests of the noisy app at once: twice the processors that the agent has. */
  private static final int AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

  private final Plan plan;
  private final ControlPlane controlPlane;
  private final Oha oha;
  private final Map<String, Map<String, List<Number>>> found = new LinkedHashMap<>();

  NeighbourPart(Plan plan, ControlPlane controlPlane) {
    this.plan = plan;
    this.controlPlane = controlPlane;
    this.oha = new Oha(plan.oha(), Priority.isOurs());
  }

  Map<String, Object> measure() throws IOException, InterruptedException {
    try (var node = AgentNode.start(controlPlane, "neighbour", "1g")) {
      App quiet = node.give(Variants.of(node.registry(), "rust", plan.rust()).image(0), "");
      App noisy = node.give(Variants.of(node.registry(), "noisy", plan.noisy()).image(0), "");
      node.awaitReady();
      node.awaitCompiled();
      oha.flatOut(quiet.url("/hello"), Duration.ofSeconds(plan.warmUpSeconds()), 16);
      if (oha.isFirst()) {
        try (var _ = Priority.controlPlaneLast()) {
          rounds(quiet, noisy);
        }
      } else rounds(quiet, noisy);
    }
    return Map.of(
        "per_second",
        plan.quietPerSecond(),
        "at_once",
        AT_ONCE,
        "client_first",
        oha.isFirst(),
        "series",
        found);
  }

  private void rounds(App quiet, App noisy) throws IOException, InterruptedException {
    // What the first rounds find is the JVM's compiler at work.
    for (int round = 0; round < plan.neighbourWarmUps(); round++)
      for (String noise : NOISES) beside(quiet, noisy, noise);
    found.clear();
    for (int round = 0; round < plan.neighbourRounds(); round++) {
      for (String noise : NOISES) {
        load(quiet, ALONE);
        beside(quiet, noisy, noise);
      }
      besideProcesses(quiet);
    }
  }

  private void beside(App quiet, App noisy, String what) throws InterruptedException {
    var noise = new Noise(noisy, what);
    try {
      load(quiet, what);
    } finally {
      noise.end();
    }
  }

  /** As many and of the priority that guests have. */
  private void besideProcesses(App quiet) throws IOException, InterruptedException {
    var spinning = new ArrayList<Process>();
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        spinning.add(
            new ProcessBuilder("nice", "-n", "10", "sh", "-c", "while :; do :; done").start());
      }
      load(quiet, OUTSIDE);
    } finally {
      for (Process process : spinning) process.destroyForcibly().waitFor();
    }
  }

  private void load(App quiet, String beside) throws InterruptedException {
    var time = Duration.ofSeconds(plan.neighbourSeconds());
    var load = oha.steady(quiet.url("/hello"), time, plan.quietPerSecond(), QUIET_CONNECTIONS);
    var series = found.computeIfAbsent(beside, it -> new LinkedHashMap<>());
    series.computeIfAbsent("p50_ms", it -> new ArrayList<>()).add(load.p50());
    series.computeIfAbsent("p90_ms", it -> new ArrayList<>()).add(load.p90());
    series.computeIfAbsent("p99_ms", it -> new ArrayList<>()).add(load.p99());
    series.computeIfAbsent("answers", it -> new ArrayList<>()).add(load.answers());
    TrafficBench.say("quiet app, %s: p50 %.2f ms, p99 %.2f ms", beside, load.p50(), load.p99());
  }

  /** Requests to the noisy app, one after another on each of several threads, until it is ended. */
  private static final class Noise {
    /** Short, so that it ends soon after the quiet app's load. */
    private static final int MILLIS = 2_000;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong refused = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    Noise(App noisy, String what) {
      for (int i = 0; i < AT_ONCE; i++) {
        threads.add(Thread.ofPlatform().daemon().start(() -> goOn(noisy, what)));
      }
    }

    private void goOn(App noisy, String what) {
      while (!over.get()) {
        try {
          noisy.ask("/?" + what + "=" + MILLIS);
        } catch (IOException e) {
          if (refused.incrementAndGet() == 1) TrafficBench.say("%s: %s", what, e);
        }
      }
    }

    void end() throws InterruptedException {
      over.set(true);
      for (Thread thread : threads) thread.join();
      if (refused.get() > 0)
        throw new IllegalStateException(refused + " requests of the noisy app failed");
    }
  }
}
