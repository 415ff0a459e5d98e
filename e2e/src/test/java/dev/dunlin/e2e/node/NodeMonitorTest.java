package dev.dunlin.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.cache.Changes;
import dev.dunlin.operator.cache.ClusterEventSource;
import dev.dunlin.operator.cron.CronJobs;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.node.LostInstances;
import dev.dunlin.operator.node.NodeMonitor;
import dev.dunlin.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time passes for the monitor only when the test says so: no Lease runs out by itself. */
@OnRealApiServer(own = true)
class NodeMonitorTest {
  private static final String NODE = "n1";
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final Duration REMOVED_AFTER = Duration.ofMinutes(10);

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> forgotten = new ArrayList<>(); // guarded by itself

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private ClusterEventSource watches;

  @SuppressWarnings("NullAway.Init")
  private Events events;

  @SuppressWarnings("NullAway.Init")
  private NodeMonitor monitor;

  @BeforeEach
  void anAgentsNode(KubernetesClient itsOwn) {
    client = itsOwn;
    var instances = new Instances(nanos::get);
    var changes = new Changes(instances);
    var caches =
        new Caches(
            client,
            Set.of(),
            client.getNamespace(),
            instances,
            new Revisions(nanos::get),
            new CronJobs(nanos::get),
            Stream::empty,
            changes);
    watches = new ClusterEventSource(caches, changes, id -> false);
    watches.start();
    events = new Events(client, Clock.systemUTC());
    monitor =
        new NodeMonitor(
            client,
            caches,
            changes,
            events,
            new LostInstances(caches, Stream::empty, this::forget),
            new NodeMonitor.Settings(
                client.getNamespace(),
                Duration.ofMillis(50),
                GRACE,
                Duration.ofSeconds(30),
                REMOVED_AFTER),
            Clock.systemUTC(),
            nanos::get);
    client
        .resource(object("{kind: WasmNode, metadata: {name: %s}, spec: {}}", WasmNode.class, NODE))
        .create();
    renew("agent");
    monitor.start();
    awaitReady("True", Reasons.LEASE_RENEWED);
  }

  @AfterEach
  void nobodyIsLeft() {
    monitor.close();
    watches.stop();
    events.close();
    client.resources(WasmInstance.class).delete();
    client.pods().withGracePeriod(0).delete();
    client.leases().delete();
    client.resources(WasmNode.class).withName(NODE).delete();
  }

  private void forget(WasmInstance instance) {
    synchronized (forgotten) {
      forgotten.add(instance.getMetadata().getName());
    }
    client
        .resource(instance)
        .edit(it -> {
          it.getMetadata().setFinalizers(List.of());
          return it;
        });
  }

  private static <T> T object(String yaml, Class<T> type, Object... values) {
    String text = yaml.replaceFirst("\\{", "{apiVersion: dunlin.dev/v1alpha1, ");
    return Serialization.unmarshal("---\n" + text.formatted(values), type);
  }

  /** What the agent's Lease says from now on. */
  private void renew(String holder) {
    client
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(client.getNamespace())
                .withName("dunlin-agent-" + NODE)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder.isEmpty() ? null : holder)
                .withLeaseDurationSeconds((int) LEASE.toSeconds())
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .endSpec()
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30));
  }

  private @Nullable Condition condition(String type) {
    @Nullable WasmNode node = client.resources(WasmNode.class).withName(NODE).get();
    return node == null || node.getStatus() == null
        ? null
        : Condition.find(node.getStatus().conditions(), type).orElse(null);
  }

  private void awaitReady(String status, String reason) {
    awaitCondition("Ready", status, reason);
  }

  private void awaitCondition(String type, String status, String reason) {
    soon()
        .untilAsserted(() ->
            assertThat(condition(type))
                .isNotNull()
                .extracting(Condition::status, Condition::reason)
                .containsExactly(status, reason));
  }

  private void awaitEvent(String reason) {
    soon()
        .untilAsserted(() ->
            assertThat(client.v1().events().inNamespace("default").list().getItems())
                .anyMatch(it ->
                    it.getReason().equals(reason)
                        && it.getInvolvedObject().getName().equals(NODE)));
  }

  @Test
  void aLeaseThatRunsOutEndsItsNodeAndOneThatIsRenewedBringsItBack() {
    pass(LEASE.plusMillis(1));
    awaitReady("False", Reasons.LEASE_EXPIRED);
    awaitEvent(Reasons.LEASE_EXPIRED);

    renew("agent");
    awaitReady("True", Reasons.LEASE_RENEWED);
  }

  @Test
  void aLeaseThatIsGivenBackEndsItsNodeAtOnce() {
    renew("");

    awaitReady("False", Reasons.LEASE_RELEASED);
  }

  @Test
  void anAgentsPodSpeaksBeforeItsLeaseDoes() {
    client // admission wants it; no controller makes it here
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(client.getNamespace())
                .endMetadata()
                .build())
        .forceConflicts()
        .serverSideApply();
    client.resource(pod()).create();
    podIsReady("True");
    podIsReady("False");
    awaitReady("False", Reasons.AGENT_NOT_READY);

    podIsReady("True");
    awaitReady("True", Reasons.LEASE_RENEWED);

    podIsReady("False");
    awaitReady("False", Reasons.AGENT_NOT_READY);
    pass(GRACE); // and nothing is heard of it, long as its Lease may last
    awaitReady("False", Reasons.AGENT_GONE);
  }

  private Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("dunlin-agent-" + NODE)
        .withNamespace(client.getNamespace())
        .addToLabels("app.kubernetes.io/name", "dunlin-agent")
        .endMetadata()
        .withNewSpec()
        .withNodeName(NODE)
        .withAutomountServiceAccountToken(false)
        .addNewContainer()
        .withName("agent")
        .withImage("dunlin")
        .endContainer()
        .endSpec()
        .build();
  }

  private void podIsReady(String status) {
    client
        .resource(pod())
        .editStatus(pod ->
            pod.edit()
                .editOrNewStatus()
                .withPhase("Running")
                .withConditions()
                .addNewCondition()
                .withType("Ready")
                .withStatus(status)
                .endCondition()
                .endStatus()
                .build());
  }

  @Test
  void aNodeThatIsToBeLeftSaysHowFarItIs() {
    client.resource(instance()).create();
    cordon(true);
    awaitCondition("Drained", "False", Reasons.DRAINING);
    awaitReady("True", Reasons.LEASE_RENEWED);

    client.resource(instance()).delete();
    awaitCondition("Drained", "True", Reasons.DRAINED);
    awaitEvent(Reasons.DRAINED);

    cordon(false);
    soon().until(() -> condition("Drained") == null);
  }

  private void cordon(boolean cordoned) {
    client
        .resources(WasmNode.class)
        .withName(NODE)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"unschedulable\":%s}}".formatted(cordoned));
  }

  private WasmInstance instance(String... finalizers) {
    return object(
        "{kind: WasmInstance, metadata: {name: i1, namespace: %s, finalizers: [%s]},"
            + " spec: {appName: app, revision: r, nodeName: %s, image: 'x@sha256:%s', worker: {}}}",
        WasmInstance.class,
        client.getNamespace(),
        String.join(",", finalizers),
        NODE,
        "a".repeat(64));
  }

  @Test
  void whatIsBeingDeletedOnALostNodeAndHasNoAppGoesWithoutItsAgent() {
    client.resource(instance("dunlin.dev/agent")).create();
    client.resource(instance()).delete(); // the finalizer keeps it

    renew("");

    soon().until(() -> client.resource(instance()).get() == null);
    synchronized (forgotten) {
      assertThat(forgotten).contains("i1");
    }
  }

  @Test
  void aNodeThatIsSilentForLongAndItsLeaseGo() {
    pass(LEASE.plusMillis(1));
    awaitReady("False", Reasons.LEASE_EXPIRED);

    pass(REMOVED_AFTER);
    soon().until(() -> client.resources(WasmNode.class).withName(NODE).get() == null);
    awaitEvent(Reasons.NODE_REMOVED);

    soon()
        .until(() -> {
          pass(REMOVED_AFTER); // from when the monitor saw that the Lease has no node
          return client.leases().withName("dunlin-agent-" + NODE).get() == null;
        });
  }
}
