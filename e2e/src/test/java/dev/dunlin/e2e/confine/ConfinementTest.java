package dev.dunlin.e2e.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody has the token of the agent of node {@code mine}, and tries what it opens. */
@OnRealApiServer(shared = "confined")
class ConfinementTest {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-agent")
          .withForce(true)
          .build();
  private static final String INSTANCE =
      """
      apiVersion: dunlin.dev/v1alpha1
      kind: WasmInstance
      metadata: {name: of-%1$s, namespace: %2$s, finalizers: [dunlin.dev/agent, example.com/other]}
      spec:
        {appName: app, revision: r, nodeName: %1$s, image: "registry.example.com/a@sha256:%3$s", worker: {}}
      """;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient admin;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient agent;

  @SuppressWarnings("NullAway.Init")
  private ControlPlane controlPlane;

  @SuppressWarnings("NullAway.Init")
  private String mine;

  @SuppressWarnings("NullAway.Init")
  private String others;

  @SuppressWarnings("NullAway.Init")
  private String pod;

  @BeforeAll
  static void theChartIsInstalled(ControlPlane controlPlane) {
    Confinement.install(controlPlane);
  }

  @BeforeEach
  void anAgentsToken(ControlPlane itsControlPlane, KubernetesClient client) {
    controlPlane = itsControlPlane;
    admin = client;
    mine = client.getNamespace() + "-mine";
    others = client.getNamespace() + "-others";
    var token = BoundToken.onNode(controlPlane, Confinement.AGENT, mine);
    pod = token.pod();
    agent = token.client();
  }

  @AfterEach
  void close() {
    agent.close();
  }

  @Test
  void itWritesTheStatusOfItsOwnNodesInstancesOnly() {
    instance(mine);
    instance(others);

    status(mine);
    refused("not written by the agent of node " + mine, () -> status(others));

    assertThat(read(mine).getStatus().restarts()).isEqualTo(7);
    assertThat(read(others).getStatus()).isNull();
  }

  @Test
  void itTakesItsFinalizerOffWhatIsBeingDeletedAndNothingElse() {
    instance(mine);
    instance(others);
    String onlyOther = "{\"metadata\":{\"finalizers\":[\"example.com/other\"]}}";

    refused("of what is being deleted", () -> patch(mine, onlyOther));
    refused(
        "changes nothing of it but its finalizer",
        () -> patch(mine, "{\"metadata\":{\"labels\":{\"dunlin.dev/app\":\"another\"}}}"));
    refused(
        "changes nothing of it but its finalizer",
        () -> patch(mine, "{\"metadata\":{\"annotations\":{\"dunlin.dev/weight\":\"100\"}}}"));
    refused("", () -> patch(mine, "{\"spec\":{\"appName\":\"another\"}}"));
    admin.resource(read(mine)).delete();
    admin.resource(read(others)).delete();
    refused("no other finalizer", () -> patch(mine, "{\"metadata\":{\"finalizers\":null}}"));
    refused("not written by the agent", () -> patch(others, onlyOther));
    refused("cannot delete", () -> agent.resource(read(others)).delete());

    patch(mine, onlyOther);

    assertThat(read(mine).getMetadata().getFinalizers()).containsExactly("example.com/other");
    assertThat(read(others).getMetadata().getFinalizers()).contains(Api.INSTANCE_FINALIZER);
  }

  @Test
  void itWritesItsOwnWasmNodeOnlyAndNotWhatOthersSayOfIt() {
    apply(agent, node(mine, ""));
    nodeStatus(mine, "{address: 192.0.2.1}");
    refused("not written by the agent of node " + mine, () -> apply(agent, node(others, "")));
    apply(admin, node(others, ""));

    refused("not written by the agent", () -> nodeStatus(others, "{address: 192.0.2.1}"));
    refused("the cluster's owner's", () -> apply(agent, node(mine, "spec: {unschedulable: true}")));
    refused(
        "the operator's",
        () ->
            nodeStatus(
                mine,
                "{conditions: [{type: Ready, status: \"True\", reason: R, message: m, lastTransitionTime: \"2026-01-01T00:00:00Z\"}]}"));
    refused("", () -> agent.resources(WasmNode.class).withName(mine).delete());

    var found = admin.resources(WasmNode.class).withName(mine).require();
    assertThat(found.getStatus().address()).isEqualTo("192.0.2.1");
    assertThat(found.getStatus().conditions()).isEmpty();
  }

  /** As agents are that take over from one another on a node. */
  @Test
  void oneThatIsCalledAsItsPodWritesWhatIsOfThatName() {
    String neighbour = BoundToken.onNode(controlPlane, Confinement.AGENT, mine).pod();
    instance(pod);
    instance(neighbour);

    apply(agent, node(pod, ""));
    agent.resource(parse(lease(pod, Confinement.NAMESPACE))).create();
    agent.resource(parse(event("e", pod, "WasmInstance"))).create();
    status(pod);

    refused("not written by the agent", () -> apply(agent, node(neighbour, "")));
    refused("not written by the agent", () -> status(neighbour));
  }

  @Test
  void itRenewsItsOwnLeaseOnly() {
    apply(admin, lease(others, Confinement.NAMESPACE));
    agent.resource(parse(lease(mine, Confinement.NAMESPACE))).create();
    var own = agent.leases().inNamespace(Confinement.NAMESPACE).withName("dunlin-agent-" + mine);
    own.require().getSpec().setHolderIdentity(mine);

    assertThatCode(() -> agent.resource(own.require()).update()).doesNotThrowAnyException();
    refused(
        "not written by the agent of node " + mine,
        () ->
            agent
                .resource(
                    agent
                        .leases()
                        .inNamespace(Confinement.NAMESPACE)
                        .withName("dunlin-agent-" + others)
                        .require())
                .update());
    refused(
        "not written by the agent",
        () ->
            agent
                .resource(
                    parse(
                        lease(others, Confinement.NAMESPACE)
                            .replace("dunlin-agent-" + others, "dunlin-operator-" + others)))
                .create());
    refused(
        "cannot create", () -> agent.resource(parse(lease(mine, admin.getNamespace()))).create());
    refused("cannot delete", own::delete);
  }

  @Test
  void itTellsOfItsOwnNodesInstancesOnly() {
    agent.resource(parse(event("a", mine, "WasmInstance"))).create();
    apply(admin, event("b", others, "WasmInstance"));

    refused(
        "names that node",
        () -> agent.resource(parse(event("c", others, "WasmInstance"))).create());
    refused("names that node", () -> agent.resource(parse(event("d", mine, "Secret"))).create());
    refused(
        "names that node",
        () -> agent.v1().events().inNamespace(space()).withName("b").patch(MERGE, "{\"count\":2}"));
    agent.v1().events().inNamespace(space()).withName("a").patch(MERGE, "{\"count\":2}");
  }

  @Test
  void itLetsGoOfItsOwnNodesVolumesOnly() {
    volume(mine);
    volume(others);
    String none = "{\"metadata\":{\"finalizers\":null}}";

    refused("of what is being deleted", () -> patchVolume(mine, none));
    refused("but its finalizer", () -> patchVolume(mine, "{\"spec\":{\"size\":\"9Gi\"}}"));
    admin.resources(WasmVolume.class).withName("of-" + mine).delete();
    admin.resources(WasmVolume.class).withName("of-" + others).delete();
    refused("not written by the agent of node " + mine, () -> patchVolume(others, none));
    patchVolume(mine, none);

    assertThat(admin.resources(WasmVolume.class).withName("of-" + mine).get()).isNull();
    assertThat(admin.resources(WasmVolume.class).withName("of-" + others).get()).isNotNull();
  }

  @Test
  void aTokenThatIsBoundToNoPodWritesNothing() {
    instance(mine);
    try (var nobody = BoundToken.unbound(controlPlane, Confinement.AGENT).client()) {
      refused("bound to a Pod", () -> apply(nobody, node(mine, "")));
      refused("bound to a Pod", () -> apply(nobody, event("x", mine, "WasmInstance")));
      refused(
          "bound to a Pod",
          () ->
              nobody
                  .resources(WasmInstance.class)
                  .inNamespace(space())
                  .withName("of-" + mine)
                  .patch(MERGE, "{\"metadata\":{\"finalizers\":null}}"));
    }
  }

  @Test
  void itHasNoOtherRight() {
    admin.resource(parse("{apiVersion: v1, kind: Secret, metadata: {name: s}}")).create();
    var tried =
        Map.<String, Runnable>ofEntries(
            Map.entry("a Secret", () -> agent.secrets().inNamespace(space()).withName("s").get()),
            Map.entry("the Secrets", () -> agent.secrets().inNamespace(space()).list()),
            Map.entry("all Secrets", () -> agent.secrets().inAnyNamespace().list()),
            Map.entry(
                "its system's Secrets",
                () -> agent.secrets().inNamespace(Confinement.NAMESPACE).list()),
            Map.entry("the ConfigMaps", () -> agent.configMaps().inNamespace(space()).list()),
            Map.entry("Pods", () -> agent.pods().inNamespace(Confinement.NAMESPACE).list()),
            Map.entry("WasmApps", () -> agent.resources(WasmApp.class).inNamespace(space()).list()),
            Map.entry(
                "make a WasmApp",
                () ->
                    apply(
                        agent,
                        "{apiVersion: dunlin.dev/v1alpha1, kind: WasmApp, metadata: {name: a}, spec: {image: a}}")),
            Map.entry(
                "make an instance",
                () -> agent.resource(parse(INSTANCE.formatted(mine, space(), digest()))).create()),
            Map.entry(
                "make a Pod",
                () ->
                    apply(
                        agent,
                        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}")),
            Map.entry(
                "give itself rights",
                () ->
                    apply(
                        agent,
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: []}")),
            Map.entry(
                "make a token",
                () ->
                    agent
                        .serviceAccounts()
                        .inNamespace(Confinement.NAMESPACE)
                        .withName(Confinement.OPERATOR)
                        .tokenRequest(new TokenRequest())),
            Map.entry(
                "lift a policy",
                () ->
                    agent
                        .genericKubernetesResources(
                            "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy")
                        .withName("dunlin-agent-instances-" + Confinement.NAMESPACE)
                        .delete()));

    tried.forEach((what, how) -> refused("cannot", how, what));
  }

  private void instance(String node) {
    apply(admin, INSTANCE.formatted(node, space(), digest()));
  }

  private void volume(String node) {
    apply(
        admin,
        "{apiVersion: dunlin.dev/v1alpha1, kind: WasmVolume, metadata: {name: of-%s, finalizers: [dunlin.dev/volume]}, spec: {size: 1Mi}}"
            .formatted(node));
    admin
        .resources(WasmVolume.class)
        .withName("of-" + node)
        .subresource("status")
        .patch(MERGE, "{\"status\":{\"nodeName\":\"%s\"}}".formatted(node));
  }

  private void patchVolume(String node, String patch) {
    agent
        .resources(WasmVolume.class)
        .inNamespace(space())
        .withName("of-" + node)
        .patch(MERGE, patch);
  }

  private void patch(String node, String patch) {
    agent
        .resources(WasmInstance.class)
        .inNamespace(space())
        .withName("of-" + node)
        .patch(MERGE, patch);
  }

  private void status(String node) {
    var written =
        parse(
            "{apiVersion: dunlin.dev/v1alpha1, kind: WasmInstance, metadata: {name: of-%s}, status: {restarts: 7}}"
                .formatted(node));
    agent.resource(written).subresource("status").patch(APPLY);
  }

  private void nodeStatus(String node, String status) {
    agent.resource(parse(node(node, "status: " + status))).subresource("status").patch(APPLY);
  }

  private WasmInstance read(String node) {
    return admin.resources(WasmInstance.class).withName("of-" + node).require();
  }

  private static String node(String name, String more) {
    return "{apiVersion: dunlin.dev/v1alpha1, kind: WasmNode, metadata: {name: %s}, %s}"
        .formatted(name, more);
  }

  private static String lease(String node, String namespace) {
    return "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: dunlin-agent-%s, namespace: %s}, spec: {holderIdentity: x}}"
        .formatted(node, namespace);
  }

  private String event(String name, String node, String about) {
    return """
    {apiVersion: v1, kind: Event, metadata: {name: %s, namespace: %s}, reason: R, message: m, type: Normal,
      involvedObject: {apiVersion: dunlin.dev/v1alpha1, kind: %s, name: of-x, namespace: %s},
      source: {component: dunlin-agent, host: %s}, reportingComponent: dunlin-agent, reportingInstance: %s}
    """
        .formatted(name, space(), about, space(), node, node);
  }

  private void apply(KubernetesClient by, String yaml) {
    by.resource(parse(yaml)).patch(APPLY);
  }

  private HasMetadata parse(String yaml) {
    var object =
        admin
            .getKubernetesSerialization()
            .unmarshal("---\n" + yaml, GenericKubernetesResource.class);
    boolean ofCluster = List.of("WasmNode").contains(object.getKind());
    if (object.getMetadata().getNamespace() == null && !ofCluster)
      object.getMetadata().setNamespace(space());
    return object;
  }

  private String space() {
    return admin.getNamespace();
  }

  private static String digest() {
    return "0".repeat(64);
  }

  private static void refused(String why, Runnable write) {
    refused(why, write, why);
  }

  private static void refused(String why, Runnable write, String what) {
    assertThatThrownBy(write::run)
        .as(what)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(why)
        .satisfies(
            e -> assertThat(((KubernetesClientException) e).getCode()).as(what).isIn(403, 422));
  }
}
