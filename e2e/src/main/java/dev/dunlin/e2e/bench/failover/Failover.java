package dev.dunlin.e2e.bench.failover;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.KubernetesBinaries;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.PlayedKubelet;
import dev.dunlin.e2e.house.Program;
import dev.dunlin.e2e.house.Requests.Miss;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * What clients lose while an app is changed, agents and operator are updated and killed. On real
 * parts: kube-apiserver, operator and three agents as processes; seven clients that send one
 * request after another. The first argument may be {@code --quick}.
 */
public final class Failover {
  /** How long the clients go on after all replicas are back: what is lost late counts too. */
  private static final Duration AFTERMATH = Duration.ofSeconds(3);

  private final Scene scene;
  private final int rounds;
  private final List<Change> changes = new ArrayList<>();
  private final List<Death> deaths = new ArrayList<>();
  private int spreads;

  private Failover(Scene scene, int rounds) {
    this.scene = scene;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws IOException {
    boolean quick = List.of(arguments).contains("--quick");
    KubernetesBinaries binaries =
        KubernetesBinaries.find()
            .orElseThrow(() -> new IllegalStateException(KubernetesBinaries.whatIsMissing()));
    try (ControlPlane controlPlane = ControlPlane.start(binaries)) {
      Repository.installCrds(controlPlane.client());
      controlPlane.startControllers();
      try (Scene scene = Scene.set(controlPlane)) {
        var failover = new Failover(scene, quick ? 1 : 5);
        failover.play(controlPlane);
        new Report(failover.changes, failover.deaths, failover.rounds).write(quick);
      }
    }
  }

  private void play(ControlPlane controlPlane) {
    rollOuts();
    rollBacks();
    configurationChanges();
    drains();
    agentUpdates();
    operatorKills();
    for (int round = 0; round < rounds; round++) deaths.add(kill(round, false));
    var kubelet = PlayedKubelet.of(controlPlane.client(), scene.house.systemNamespace());
    scene.agents.forEach(kubelet::with);
    try (kubelet) {
      kubelet.start();
      scene.awaitEverywhere();
      for (int round = 0; round < rounds; round++) deaths.add(kill(round, true));
    }
  }

  private void rollOuts() {
    change(
        "rollout",
        "a roll-out of a new template",
        round -> {
          scene.change("{\"args\": [\"rolled-out-" + round + "\"]}");
          scene.awaitRolledOut();
        });
  }

  private void rollBacks() {
    change(
        "rollback",
        "a roll back to the first revision, and forward again",
        round -> {
          long newest = scene.revisionNumber();
          scene.change("{\"rollbackTo\": {\"revision\": 1}}");
          scene.awaitRevision(1);
          scene.change("{\"rollbackTo\": null}");
          scene.awaitRevision(newest);
        });
  }

  private void configurationChanges() {
    change(
        "configuration",
        "a changed ConfigMap that a variable comes from",
        round -> {
          scene.configure("Servus" + round);
          scene.awaitGreeting("Servus" + round);
          scene.awaitRolledOut();
        });
  }

  private void drains() {
    change(
        "drain",
        "a node closed for its maintenance (cordoned), and opened again",
        round -> {
          String node = node(round);
          scene.cordon(node, true);
          scene.awaitWithout(node);
          scene.cordon(node, false);
          spread();
        });
  }

  private void agentUpdates() {
    change(
        "agent_update",
        "an update of all agents, one after the other (SIGTERM, then a new process)",
        round -> {
          for (String node : Scene.NODES) {
            Program agent = agent(node);
            if (!agent.stop()) throw new IllegalStateException(node + " did not end by itself");
            agent.start();
            scene.awaitNodeReady(node);
            scene.awaitRolledOut();
          }
          spread();
        });
  }

  private void operatorKills() {
    change(
        "operator_kill",
        "SIGKILL of the operator in the middle of a roll-out, and a new one",
        round -> {
          scene.change("{\"args\": [\"killed-" + round + "\"]}");
          scene.operator.kill();
          scene.operator.start();
          scene.awaitRolledOut();
        });
  }

  private void change(String key, String what, IntConsumer step) {
    long answered = 0;
    double longest = 0;
    var misses = new ArrayList<Miss>();
    for (int round = 0; round < rounds; round++) {
      try (var clients = scene.requests()) {
        clients.awaitMore(100);
        long start = System.nanoTime();
        step.accept(round);
        longest = Math.max(longest, seconds(start));
        clients.awaitMore(100);
        clients.end();
        answered += clients.answered();
        misses.addAll(clients.misses());
      }
    }
    var seen =
        new Change(
            key,
            what,
            rounds,
            answered,
            misses.size(),
            longest,
            misses.stream().limit(5).map(Miss::toString).toList());
    System.out.println(seen);
    changes.add(seen);
  }

  private Death kill(int round, boolean kubelet) {
    String node = node(round);
    Program agent = agent(node);
    String host = scene.address(node);
    Death death;
    try (var clients = scene.requests()) {
      clients.awaitMore(100);
      Instant killed = Instant.now();
      long start = System.nanoTime();
      agent.kill();
      scene.awaitWithout(node);
      double replaced = seconds(start);
      clients.keepOnFor(AFTERMATH);
      clients.end();
      List<Miss> misses = clients.misses();
      Instant last = misses.stream().map(Miss::at).max(Instant::compareTo).orElse(killed);
      death =
          new Death(
              kubelet,
              Duration.between(killed, last).toMillis() / 1e3,
              replaced,
              clients.answered(),
              misses.size(),
              misses.stream()
                  .filter(miss -> !miss.target().startsWith(host + ":"))
                  .map(Miss::toString)
                  .toList());
    }
    System.out.println(death);
    agent.start();
    scene.awaitNodeReady(node);
    spread();
    scene.awaitEverywhere();
    return death;
  }

  private void spread() {
    scene.spread(spreads++);
  }

  private static String node(int round) {
    return Scene.NODES.get(round % Scene.NODES.size());
  }

  private Program agent(String node) {
    return Objects.requireNonNull(scene.agents.get(node));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
