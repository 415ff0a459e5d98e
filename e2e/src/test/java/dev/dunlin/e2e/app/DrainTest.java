package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static dev.dunlin.e2e.app.Inhabitants.NODE_A;
import static dev.dunlin.e2e.app.Inhabitants.NODE_B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.e2e.house.Requests;
import dev.dunlin.e2e.house.ServiceProxy;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A node is emptied: place first, stop after. */
@InSharedHouse
class DrainTest {

  @Test
  void aCordonedNodeIsEmptiedAndNoRequestIsMissed(Apps apps) {
    App app = apps.apply("moved", "replicas: 3").awaitReady(3);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> service.targets().size() == 3);
    assertThat(app.nodes()).contains(NODE_A);

    try (var clients = Requests.keepSending(service);
        Seen seen = Seen.of(app)) {
      clients.awaitMore(20);
      try (var _ = apps.changeNode(NODE_A, "\"unschedulable\": true")) {
        awaitAsserted(() -> {
          assertThat(app.nodes()).hasSize(3).doesNotContain(NODE_A);
          assertThat(app.instances()).hasSize(3);
        });
        app.awaitReady(3);
        clients.awaitMore(20);
        apps.kubectl()
            .run("wait", "wasmnode/" + NODE_A, "--for=condition=Drained", "--timeout=60s");
        assertThat(apps.node(NODE_A).getSpec().unschedulable()).isTrue();
      }
      assertThat(seen.leastReady()).isEqualTo(3);
      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void onlySoManyMayBeAwayAtOnce(Apps apps) {
    String spec = "replicas: 4, nodeSelector: {zone: b}, disruption: {maxUnavailable: 1}";
    App app = apps.apply("budget", spec).awaitReady(4);

    // There is no other node for them: one may go without a replacement, no more.
    try (Seen seen = Seen.of(app);
        var _ = apps.changeNode(NODE_B, "\"unschedulable\": true")) {
      awaitUntil("one has gone", () -> app.standing().size() == 3);
      app.patch("\"args\": null");
      awaitAsserted(() -> assertThat(app.told("Ready")).startsWith("False"));
      assertThat(seen.leastReady()).isEqualTo(3);
      assertThat(apps.node(NODE_B).getSpec().unschedulable()).isTrue();
    }
    app.awaitReady(4);
  }

  @Test
  void whatHasNoOtherPlaceStaysOnACordonedNode(Apps apps) {
    App app = apps.apply("stays", "replicas: 2, nodeSelector: {zone: b}").awaitReady(2);
    App moves = apps.apply("moves", "replicas: 3").awaitReady(3);
    List<String> before = app.names();

    try (var _ = apps.changeNode(NODE_B, "\"unschedulable\": true")) {
      awaitAsserted(() -> assertThat(moves.nodes()).hasSize(3).doesNotContain(NODE_B));
      moves.awaitReady(3);
      assertThat(app.names()).isEqualTo(before);
      assertThat(app.status().readyReplicas()).isEqualTo(2);
      assertThat(apps.node(NODE_B).getSpec().unschedulable()).isTrue();
    }
  }

  @Test
  void aRunIsLeftToEndUnderACordonAndBegunElsewhereUnderATaintThatExecutes(Apps apps) {
    apps.configMap("go", "not: yet");
    String spec =
        "job: {}, args: [await %s], terminationGracePeriodSeconds: 1, affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: zone, operator: In, values: [b]}]}}]}}, "
            + "volumes: [{name: go, configMap: {name: go}}], volumeMounts: [{name: go, mountPath: /go}]";
    App brief = apps.apply("brief", spec.formatted("/go/now"));
    App endless = apps.apply("endless", spec.formatted("/never"));
    for (App job : List.of(brief, endless))
      awaitUntil("it runs", () -> job.standing().stream().anyMatch(App::isReady));
    assertThat(List.of(brief.nodes(), endless.nodes())).containsOnly(List.of(NODE_B));
    List<String> before = endless.names();

    try (var _ = apps.changeNode(NODE_B, "\"unschedulable\": true")) {
      apps.configMap("go", "now: yes");
      brief.awaitCondition("Complete", "True", Reasons.JOB_COMPLETE);
      assertThat(failed(brief)).isZero();
      assertThat(endless.names()).isEqualTo(before);
    }
    try (var _ =
        apps.changeNode(
            NODE_B, "\"taints\": [{\"key\": \"burning\", \"effect\": \"NoExecute\"}]")) {
      awaitUntil(
          "it runs elsewhere",
          () ->
              endless.standing().stream()
                  .anyMatch(run -> App.isReady(run) && !run.getSpec().nodeName().equals(NODE_B)));
      awaitAsserted(() -> assertThat(failed(endless)).isEqualTo(1));
      assertThat(apps.node(NODE_B).getSpec().taints()).isNotEmpty();
    }
  }

  private static int failed(App job) {
    return App.orZero(Objects.requireNonNull(job.status().job()).failed());
  }
}
