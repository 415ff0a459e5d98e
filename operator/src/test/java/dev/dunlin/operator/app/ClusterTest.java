package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.canary.Weighing;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.placement.Room;
import dev.dunlin.operator.revision.KeptRevision;
import dev.dunlin.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class ClusterTest {
  private static final String ALL = "/apis/dunlin.dev/v1alpha1/namespaces/ns/wasminstances";

  private final WasmInstance made = AnInstance.of("made", "r", "n1", "Pending", false);
  private final WasmInstance lost = AnInstance.of("lost", "r", "n2", "Running", true);
  private final WasmInstance old = AnInstance.of("old", "q", "n1", "Running", true);
  private final WasmApp app = new WasmApp();
  private final Instances instances = new Instances(System::nanoTime);
  private final Revisions revisions = new Revisions(System::nanoTime);
  private final WasmAppPlan plan =
      new WasmAppPlan(
          List.of(made),
          List.of(Instance.of(old)),
          List.of(Instance.of(lost)),
          null,
          null,
          List.of(),
          Seating.NONE,
          null,
          false,
          false,
          Optional.empty());

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private Cluster cluster;

  @BeforeEach
  void anAppWithALostInstance() {
    client.getConfiguration().setRequestRetryBackoffLimit(0);
    app.setMetadata(new ObjectMetaBuilder().withNamespace("ns").withName("app").build());
    lost.getMetadata().setFinalizers(new ArrayList<>(List.of(Api.INSTANCE_FINALIZER)));
    instances.observe(null, lost);
    instances.observe(null, old);
    cluster = new Cluster(client, instances, revisions, instance -> {});
    for (var one : List.of(lost, old)) {
      String path = ALL + "/" + one.getMetadata().getName();
      server.expect().delete().withPath(path).andReturn(200, new StatusBuilder().build()).always();
      server.expect().get().withPath(path).andReturn(200, one).always();
      server.expect().patch().withPath(path).andReturn(200, one).always();
    }
  }

  private void createIsAnswered(int code) {
    createIsAnswered(code, "exceeded quota");
  }

  private void createIsAnswered(int code, String message) {
    var status = new StatusBuilder().withCode(code).withMessage(message).build();
    server.expect().post().withPath(ALL).andReturn(code, status).always();
  }

  private List<String> requests() throws InterruptedException {
    var requests = new ArrayList<String>();
    while (server.getRequestCount() > requests.size()) {
      var request = server.takeRequest();
      requests.add(request.getMethod() + " " + String.valueOf(request.getPath()).replace(ALL, ""));
    }
    return requests;
  }

  @Test
  void aRefusedInstanceKeepsNothingElseFromBeingDone() throws InterruptedException {
    createIsAnswered(403);
    cluster.reserve(plan);

    assertThatThrownBy(() -> cluster.apply(app, plan))
        .isInstanceOfSatisfying(
            RefusedException.class,
            fault -> assertThat(fault.reason()).isEqualTo(Reasons.INSTANCE_REFUSED))
        .hasMessageContaining("made")
        .hasMessageContaining("exceeded quota");

    assertThat(requests()).contains("DELETE /lost", "PATCH /lost", "DELETE /old");
  }

  @Test
  void nothingIsMadeBesideWhatHasNotSaidItsShareYet() throws InterruptedException {
    shareIsAnswered("sulky", 403);
    shareIsAnswered("weighed", 200);
    server.expect().post().withPath(ALL).andReturn(201, made).always();

    assertThatThrownBy(() -> cluster.apply(app, weighing("sulky")))
        .isInstanceOf(KubernetesClientException.class);
    cluster.apply(app, weighing("weighed"));

    assertThat(requests())
        .filteredOn(it -> it.equals("POST ") || it.startsWith("PATCH /"))
        .filteredOn(it -> !it.endsWith("lost"))
        .containsExactly("PATCH /sulky", "PATCH /weighed", "POST ");
  }

  private void shareIsAnswered(String name, int code) {
    var instance = AnInstance.of(name, "q", "n1", "Running", true);
    String path = ALL + "/" + name;
    server.expect().get().withPath(path).andReturn(200, instance).always();
    server.expect().patch().withPath(path).andReturn(code, instance).always();
  }

  private WasmAppPlan weighing(String name) {
    var instance = Instance.of(AnInstance.of(name, "q", "n1", "Running", true));
    return plan.with(
        new Sharing(List.of(new Weighing(instance, OptionalInt.of(95))), null, List.of()));
  }

  @Test
  void anEndpointSliceOfSomebodyElseIsToldOfAndNotTouched() throws InterruptedException {
    var wanted =
        new EndpointSliceBuilder()
            .withNewMetadata()
            .withNamespace("ns")
            .withName("app")
            .endMetadata()
            .build();
    String all = "/apis/discovery.k8s.io/v1/namespaces/ns/endpointslices";
    String path = all + "/app";
    server
        .expect()
        .post()
        .withPath(all)
        .andReturn(409, new StatusBuilder().withCode(409).withMessage("exists").build())
        .always();
    server.expect().get().withPath(path).andReturn(200, wanted).always();
    var slicePlan =
        new WasmAppPlan(
            List.of(),
            List.of(),
            List.of(),
            null,
            wanted,
            List.of(),
            Seating.NONE,
            null,
            false,
            false,
            Optional.empty());

    assertThatThrownBy(() -> cluster.apply(app, slicePlan))
        .isInstanceOfSatisfying(
            RefusedException.class,
            fault -> assertThat(fault.reason()).isEqualTo(Reasons.SERVICE_NAME_TAKEN))
        .hasMessageContaining("EndpointSlice named app exists in namespace ns");

    assertThat(requests()).containsExactly("POST " + all, "GET " + path);
  }

  @Test
  void nothingIsTakenAwayAsLongAsClientsMayBeLedThere() throws InterruptedException {
    var wanted =
        new EndpointSliceBuilder()
            .withNewMetadata()
            .withNamespace("ns")
            .withName("app")
            .endMetadata()
            .build();
    String all = "/apis/discovery.k8s.io/v1/namespaces/ns/endpointslices";
    server
        .expect()
        .post()
        .withPath(all)
        .andReturn(503, new StatusBuilder().withCode(503).build())
        .always();
    var leaving =
        new WasmAppPlan(
            List.of(),
            List.of(Instance.of(old)),
            List.of(),
            null,
            wanted,
            List.of(),
            Seating.NONE,
            null,
            false,
            false,
            Optional.empty());
    cluster.reserve(leaving);

    assertThatThrownBy(() -> cluster.apply(app, leaving))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(requests()).containsExactly("POST " + all);
    assertThat(instances.tenants("n1")).noneMatch(Instance::terminating);
  }

  @Test
  void aRefusalReadsTheSameAtEachTry() {
    made.getMetadata().setName("app-r-abcde");
    createIsAnswered(403, "wasminstances \"app-r-abcde\" is forbidden: exceeded quota");
    cluster.reserve(plan);

    assertThatThrownBy(() -> cluster.apply(app, plan))
        .hasMessage(
            "The API server refused the WasmInstance app-r: wasminstances \"app-r\" is forbidden: exceeded quota");
  }

  @Test
  void theRoomOfARefusedInstanceIsFreeAgain() {
    createIsAnswered(403);
    Room before = instances.roomTaken("n1");
    cluster.reserve(plan);

    assertThatThrownBy(() -> cluster.apply(app, plan)).isInstanceOf(RefusedException.class);

    assertThat(instances.roomTaken("n1")).isEqualTo(before);
  }

  @Test
  void whatPassesByItselfIsNoRefusal() {
    createIsAnswered(429);
    cluster.reserve(plan);

    assertThatThrownBy(() -> cluster.apply(app, plan))
        .isInstanceOf(KubernetesClientException.class);
  }

  private static final String KEPT = "/apis/apps/v1/namespaces/ns/controllerrevisions";

  private static WasmAppPlan keeping(KeptRevision write, List<KeptRevision> prune) {
    return new WasmAppPlan(
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        Seating.NONE,
        null,
        false,
        false,
        Optional.empty(),
        new Keeping(Optional.empty(), Optional.of(write), prune));
  }

  private static KeptRevision kept(String template, long number) {
    return new KeptRevision("ns", "app", "uid", template, number, Optional.empty(), "{}");
  }

  private void keepingIsAnswered(int code, Object body) {
    server.expect().post().withPath(KEPT).andReturn(code, body).always();
  }

  private List<String> keptOf() {
    return revisions.of(app).kept().stream().map(KeptRevision::template).toList();
  }

  @Test
  void aTemplateIsKeptByOneWriteAndSurplusOnesGo() throws InterruptedException {
    app.getMetadata().setUid("uid");
    var plan = keeping(kept("new", 2), List.of(kept("old", 1)));
    keepingIsAnswered(201, plan.keeping().write().orElseThrow().object(app));
    server
        .expect()
        .delete()
        .withPath(KEPT + "/app-old")
        .andReturn(200, new StatusBuilder().build())
        .always();

    cluster.reserve(plan);
    cluster.apply(app, plan);

    assertThat(requests()).containsExactly("POST " + KEPT, "DELETE " + KEPT + "/app-old");
    assertThat(keptOf()).containsExactly("new");
  }

  @Test
  void aTemplateThatIsKeptAlreadyGetsItsNewNumber() throws InterruptedException {
    app.getMetadata().setUid("uid");
    keepingIsAnswered(409, new StatusBuilder().withCode(409).build());
    String path = KEPT + "/app-new";
    server.expect().get().withPath(path).andReturn(200, kept("new", 1).object(app)).always();
    server.expect().patch().withPath(path).andReturn(200, kept("new", 3).object(app)).always();

    cluster.apply(app, keeping(kept("new", 3), List.of()));

    assertThat(requests()).startsWith("POST " + KEPT, "GET " + path).endsWith("PATCH " + path);
  }

  @Test
  void aTemplateOfANamesakeIsNotTouched() throws InterruptedException {
    app.getMetadata().setUid("other");
    var plan = keeping(kept("new", 3), List.of());
    var found = kept("new", 1).object(app);
    app.getMetadata().setUid("uid");
    keepingIsAnswered(409, new StatusBuilder().withCode(409).build());
    server.expect().get().withPath(KEPT + "/app-new").andReturn(200, found).always();

    cluster.reserve(plan);
    cluster.apply(app, plan);

    assertThat(requests()).containsExactly("POST " + KEPT, "GET " + KEPT + "/app-new");
    assertThat(keptOf()).isEmpty();
  }

  @Test
  void aTemplateThatMayNotBeKeptIsToldOf() {
    app.getMetadata().setUid("uid");
    var plan = keeping(kept("new", 1), List.of());
    keepingIsAnswered(403, new StatusBuilder().withCode(403).withMessage("quota").build());

    cluster.reserve(plan);

    assertThatThrownBy(() -> cluster.apply(app, plan))
        .isInstanceOfSatisfying(
            RefusedException.class,
            fault -> assertThat(fault.reason()).isEqualTo(Reasons.REVISION_REFUSED));
    assertThat(keptOf()).isEmpty();
  }
}
