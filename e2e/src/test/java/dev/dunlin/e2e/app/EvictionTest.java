package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static dev.dunlin.e2e.app.Inhabitants.NODE_C;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node's memory runs short (2 GiB are offered): who has to go, and where to. */
@InSharedHouse
class EvictionTest {
  private static final String TAKES =
      "worker: {}, args: [take %d, await /never], terminationGracePeriodSeconds: 1, replicas: 1, resources: {requests: {memory: %s}, limits: {memory: 1500Mi}}, ";
  private static final String ON_C = "nodeSelector: {zone: c}";
  private static final String RATHER_ON_C =
      "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: zone, operator: In, values: [c]}]}}]}}";

  @Test
  void theLowestPriorityOfThoseBeyondTheirRequestGoesToAnotherNode(Apps apps) {
    apps.priorityClass("dear", 1000);
    App modest = apps.apply("modest", TAKES.formatted(1000, "1200Mi") + ON_C).awaitReady(1);
    App dear =
        apps.apply("dear", "priorityClassName: dear, " + TAKES.formatted(500, "100Mi") + ON_C)
            .awaitReady(1);
    List<String> kept = List.of(modest.names().getFirst(), dear.names().getFirst());
    assertThat(isShort(apps)).isFalse();

    try (Seen seen = Seen.of(apps.app("cheap"))) {
      App cheap = apps.apply("cheap", TAKES.formatted(900, "100Mi") + RATHER_ON_C);

      awaitAsserted(() -> {
        assertThat(cheap.events()).contains(Reasons.EVICTED);
        assertThat(cheap.nodes()).hasSize(1).doesNotContain(NODE_C);
        assertThat(App.orZero(cheap.status().readyReplicas())).isEqualTo(1);
        assertThat(seen.ever()).as("the victim, and its successor elsewhere").isEqualTo(2);
      });
    }
    assertThat(List.of(modest.names().getFirst(), dear.names().getFirst())).isEqualTo(kept);
    assertThat(modest.standing()).allMatch(App::isReady);
    assertThat(dear.standing()).allMatch(App::isReady);
  }

  @Test
  void nothingIsPlacedWhereMemoryIsShortUntilItIsNotAnyMore(Apps apps) {
    App greedy = apps.apply("greedy", TAKES.formatted(1100, "100Mi") + ON_C);
    App second = apps.apply("second", TAKES.formatted(1100, "100Mi") + ON_C);
    awaitUntil("memory is short", () -> isShort(apps));
    greedy.delete();
    second.delete();

    App waits = apps.apply("waits", "replicas: 1, " + ON_C);

    waits.awaitCondition("Ready", "False", Reasons.UNSCHEDULABLE);
    assertThat(waits.told("Ready")).contains("1 had memory pressure");
    waits.awaitReady(1);
  }

  /** Other tests want the node too. */
  @AfterEach
  void memoryIsNotShortAnyMore(Apps apps) {
    awaitUntil("memory is not short any more", () -> !isShort(apps));
  }

  private static boolean isShort(Apps apps) {
    var status = Objects.requireNonNull(apps.node(NODE_C).getStatus());
    return Boolean.TRUE.equals(status.memoryPressure());
  }
}
