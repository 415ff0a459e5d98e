package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.KubernetesBinaries;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What traffic costs on one agent, on a real API server. Argument: a file with a {@link Plan}. What
 * is read out of it is bench/traffic/report.py's.
 */
public final class TrafficBench {
  private TrafficBench() {}

  public static void main(String[] arguments) throws IOException {
    var plan = Plan.read(Path.of(arguments[0]));
    var results = new Results(plan.file());
    var binaries =
        KubernetesBinaries.find()
            .orElseThrow(() -> new IllegalStateException(KubernetesBinaries.whatIsMissing()));
    try (var controlPlane = ControlPlane.start(binaries)) {
      Repository.installCrds(controlPlane.client());
      for (String part : plan.parts()) {
        measure(part, plan, controlPlane, results);
      }
    }
    System.exit(results.complete() ? 0 : 1);
  }

  private static void measure(String part, Plan plan, ControlPlane controlPlane, Results results) {
    say("%s", part);
    long begun = System.nanoTime();
    try {
      switch (part) {
        case "serve" -> results.keep(part, new ServePart(plan, controlPlane).measure());
        case "neighbour" -> results.keep(part, new NeighbourPart(plan, controlPlane).measure());
        case "wake" -> results.keep(part, new WakePart(plan, controlPlane).measure());
        case "apply" -> results.keep(part, new ApplyPart(plan, controlPlane).measure());
        case "density" -> new DensityPart(plan, controlPlane).measure(it -> results.keep(part, it));
        default -> throw new IllegalArgumentException("no such part: " + part);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      e.printStackTrace();
      results.failed(part, e);
    }
    say("%s took %.0f s", part, (System.nanoTime() - begun) / 1e9);
  }

  static void say(String format, Object... arguments) {
    System.err.printf("traffic: " + format + "%n", arguments);
  }
}
