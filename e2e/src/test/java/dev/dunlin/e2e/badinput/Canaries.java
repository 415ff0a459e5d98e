package dev.dunlin.e2e.badinput;

import static dev.dunlin.e2e.badinput.Modules.marked;
import static dev.dunlin.e2e.badinput.Modules.told;
import static dev.dunlin.e2e.badinput.Scenario.module;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.MetricsReader;
import dev.dunlin.e2e.house.Tally;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A new revision that is tried on a share of the requests, and fails them. */
final class Canaries {
  private static final String SPOILT = "spoilt";
  private static final String STRATEGY =
      "strategy: {type: Canary, canary: {steps: [{weight: 50, pauseSeconds: 3600}],"
          + " analysis: {maxErrorPercent: 5, minRequests: 10}}}";

  /** Who asks the app; the analysis has nothing to go by without. */
  private static @Nullable Tally clients;

  private Canaries() {}

  static Map<String, Scenario> scenarios() {
    return Map.of(
        "A new revision that a canary tries gives more errors, or is slower, than `analysis` allows",
        revision("NEVER_WELL")
            .given((house, k) -> begin(house, k))
            .cleanedBy((house, k) -> end(house, k)));
  }

  /** Ill at each request, if it has a variable of that name. */
  private static Scenario revision(String variable) {
    String spec = "env: [{name: " + variable + ", value: one}], " + STRATEGY;
    return module(SPOILT, marked(told(), SPOILT), spec);
  }

  private static void begin(House house, Kubectl kubectl) throws Exception {
    MetricsReader.moveIn(house, kubectl);
    String app = "bad-" + SPOILT;
    kubectl.apply(revision("VOICE").manifest(app, house));
    kubectl.run(
        "wait",
        "--for=jsonpath={.status.conditions[?(@.type=='Progressing')].reason}=RolledOut",
        "wasmapp/" + app,
        "--timeout=60s");
    clients = Tally.of(house.proxy(app), "/well?/none");
    clients.awaitMore(10);
  }

  private static void end(House house, Kubectl kubectl) {
    Tally leaving = clients;
    if (leaving != null) leaving.close();
    MetricsReader.moveOut(house, kubectl);
  }
}
