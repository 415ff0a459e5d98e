package dev.dunlin.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.cron.CronJobs;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Priority;
import dev.dunlin.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class NodeWatchTest {
  private static final String AGENTS = "dunlin-system";

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private Caches caches;

  private final Instances instances = new Instances(System::nanoTime);
  private final Changes changes = new Changes(instances);
  private final AtomicInteger podChanges = new AtomicInteger();

  @BeforeEach
  void anAgentsNode() {
    var node = new WasmNode();
    node.setMetadata(new ObjectMetaBuilder().withName("n").build());
    client.resource(node).create();
    changes.tellAgentPods(podChanges::incrementAndGet);
    caches =
        new Caches(
            client,
            Set.of(),
            AGENTS,
            instances,
            new Revisions(System::nanoTime),
            new CronJobs(System::nanoTime),
            Stream::empty,
            changes);
    caches.start();
  }

  @AfterEach
  void stop() {
    caches.close();
    changes.close();
  }

  private Node node() {
    return Objects.requireNonNull(caches.nodes(Instant.EPOCH, Duration.ZERO).get("n"));
  }

  private void pod(String namespace, String name, String app) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("app.kubernetes.io/name", app)
                .addToAnnotations("long", "text")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n")
                .withServiceAccountName("agent")
                .endSpec()
                .build())
        .create();
  }

  @Test
  void aKubernetesNodeOfTheSameNameCountsWhenItComesChangesAndGoes() {
    var host =
        new NodeBuilder()
            .withNewMetadata()
            .withName("n")
            .addToLabels("zone", "z")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();

    client.resource(host).create();
    await().until(() -> node().labels().containsKey("zone"));
    assertThat(node().unschedulable()).isFalse();

    client
        .nodes()
        .withName("n")
        .edit(it -> {
          it.getSpec().setUnschedulable(true);
          return it;
        });
    await().until(() -> node().unschedulable());

    client.nodes().withName("n").delete();
    await().until(() -> !node().unschedulable() && !node().labels().containsKey("zone"));
  }

  @Test
  void anAgentsPodIsToldOfAndKeptWithoutWhatNobodyReads() {
    pod("other", "dunlin-agent-x", "dunlin-agent");
    pod(AGENTS, "something", "else");
    pod(AGENTS, "dunlin-agent-n", "dunlin-agent");

    await().until(() -> podChanges.get() > 0);
    assertThat(caches.agentPods().list())
        .singleElement()
        .satisfies(pod -> {
          assertThat(pod.getMetadata().getName()).isEqualTo("dunlin-agent-n");
          assertThat(pod.getMetadata().getAnnotations()).isNullOrEmpty();
          assertThat(pod.getSpec().getNodeName()).isEqualTo("n");
          assertThat(pod.getSpec().getServiceAccountName()).isNull();
        });
  }

  @Test
  void aPriorityClassIsKnownOnceItIsThere() {
    assertThat(caches.priorityClasses().of("high")).isEmpty();
    assertThat(caches.priorityClasses().of(null)).contains(Priority.NORMAL);

    client
        .resource(
            new PriorityClassBuilder()
                .withNewMetadata()
                .withName("high")
                .endMetadata()
                .withValue(1000)
                .withPreemptionPolicy("Never")
                .build())
        .create();

    await().until(() -> caches.priorityClasses().of("high").isPresent());
    assertThat(caches.priorityClasses().of("high")).contains(new Priority(1000, false));
  }

  @Test
  void theClustersDefaultClassCountsWhereAnAppNamesNone() {
    client
        .resource(
            new PriorityClassBuilder()
                .withNewMetadata()
                .withName("usual")
                .endMetadata()
                .withValue(7)
                .withGlobalDefault(true)
                .build())
        .create();

    await().until(() -> caches.priorityClasses().of("").equals(Optional.of(new Priority(7, true))));
  }
}
