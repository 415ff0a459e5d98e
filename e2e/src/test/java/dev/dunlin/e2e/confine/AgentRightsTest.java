package dev.dunlin.e2e.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.operator.access.Account;
import dev.dunlin.operator.access.AgentRights;
import dev.dunlin.operator.access.RightsRefusedException;
import dev.dunlin.operator.instance.Instances;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator, with its own account, lets agents read by name; nobody gets more by that. */
@OnRealApiServer(shared = "confined")
class AgentRightsTest {
  private static final String ROLE = "dunlin-agent-reads";
  private static final Account AGENTS =
      new Account(Confinement.NAMESPACE, Confinement.AGENT, Optional.of(Confinement.AGENT_ROLE));

  private final List<WasmApp> apps = new CopyOnWriteArrayList<>();
  private final Instances instances = new Instances(System::nanoTime);

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient admin;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient agent;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient operator;

  @SuppressWarnings("NullAway.Init")
  private AgentRights rights;

  @BeforeAll
  static void theChartIsInstalled(ControlPlane controlPlane) {
    Confinement.install(controlPlane);
  }

  @BeforeEach
  void anOperatorAndAnAgent(ControlPlane controlPlane, KubernetesClient client) {
    admin = client;
    String node = client.getNamespace() + "-node";
    agent = BoundToken.onNode(controlPlane, Confinement.AGENT, node).client();
    operator = BoundToken.onNode(controlPlane, Confinement.OPERATOR, node).client();
    rights = rights();
    List.of("named", "other").forEach(this::secret);
  }

  private AgentRights rights() {
    return new AgentRights(operator, AGENTS, Set.of(space()), apps::stream, instances);
  }

  @AfterEach
  void close() {
    rights.close();
    operator.close();
    agent.close();
  }

  @Test
  void anAgentReadsAndWatchesWhatAnInstanceRefersToAndNothingElse() {
    rights.grant(instance("named"));

    awaitReads("named");
    var seen = new CompletableFuture<Secret>();
    try (var _ = agent.secrets().inNamespace(space()).withName("named").watch(tell(seen))) {
      assertThat(seen.orTimeout(10, TimeUnit.SECONDS).join().getData()).containsKey("key");
    }
    forbidden(() -> agent.secrets().inNamespace(space()).withName("other").get());
    forbidden(() -> agent.secrets().inNamespace(space()).list());
    forbidden(() -> agent.secrets().inNamespace(space()).withLabel("a", "b").list());
    forbidden(() -> agent.secrets().inNamespace("default").withName("named").get());
    forbidden(() -> agent.configMaps().inNamespace(space()).withName("named").get());
    forbidden(() -> agent.secrets().inNamespace(space()).withName("named").delete());
    forbidden(
        () -> agent.secrets().inNamespace(space()).withName("named").edit(secret -> secret("x")));
  }

  @Test
  void whatIsNotReferredToAnyMoreIsTakenAwayAndTheRestGivenBackWhereItWasTaken() {
    apps.add(app("one", "named"));
    apps.add(app("two", "other"));
    rights.start();
    awaitNames("named", "other");

    admin.rbac().roles().withName(ROLE).delete();
    admin.rbac().roleBindings().withName(ROLE).delete();
    awaitNames("named", "other");
    await().until(() -> admin.rbac().roleBindings().withName(ROLE).get() != null);
    apps.removeFirst();
    awaitNames("other");
    apps.clear();

    await().until(() -> admin.rbac().roles().withName(ROLE).get() == null);
    await().until(() -> admin.rbac().roleBindings().withName(ROLE).get() == null);
  }

  @Test
  void whatAnInstanceOfAnOlderRevisionRefersToStaysUntilItIsGone() {
    apps.add(app("one", "named"));
    var old = instance("other");
    instances.observe(null, old);
    rights.start();
    awaitNames("named", "other");

    instances.observe(old, null);

    awaitNames("named");
  }

  @Test
  void anOperatorThatStartsAnewTakesNothingAwayBeforeItKnowsAll() {
    rights.grant(instance("named"));
    rights.close();
    rights = rights();

    rights.grant(instance("other"));

    assertThat(names()).containsExactly("named", "other");
    var before = versions();
    rights.grant(instance("named"));
    assertThat(versions()).as("nothing is written that is right").isEqualTo(before);
  }

  private List<String> versions() {
    return Stream.of(
            admin.rbac().roles().withName(ROLE).require(),
            admin.rbac().roleBindings().withName(ROLE).require())
        .map(object -> object.getMetadata().getResourceVersion())
        .toList();
  }

  @Test
  void ofManyThatAreGrantedAtOnceNoneIsLost() {
    rights.start();
    var all =
        IntStream.range(0, 12)
            .mapToObj(i -> {
              var instance = instance("secret-" + (10 + i));
              instances.creating(instance);
              return CompletableFuture.runAsync(() -> rights.grant(instance));
            })
            .toList();

    all.forEach(CompletableFuture::join);

    assertThat(names()).hasSize(12);
  }

  @Test
  void aWidenedRoleIsPutRight() {
    apps.add(app("one", "named"));
    rights.start();
    awaitNames("named");

    admin
        .rbac()
        .roles()
        .withName(ROLE)
        .edit(role -> new RoleBuilder(role).editFirstRule().withResourceNames().endRule().build());

    awaitNames("named");
    forbidden(() -> agent.secrets().inNamespace(space()).list());
  }

  @Test
  void theOperatorWritesNoOtherRoleAndBindsNobodyElse() {
    rights.grant(instance("named"));
    var reads = new PolicyRuleBuilder().withApiGroups("").withResources("secrets").withVerbs("get");

    denied("by name, and nothing else", role(ROLE, reads.build()));
    denied("writes no Role but", role("another", reads.withResourceNames("named").build()));
    denied(
        "by name, and nothing else",
        role(
            ROLE,
            new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("services")
                .withResourceNames("named")
                .withVerbs("get")
                .build()));
    denied("binds it to the agents' ServiceAccount", binding(ROLE, "default"));
    denied("binds no Role but", binding("another", Confinement.AGENT));
    assertThat(admin.rbac().roles().list().getItems()).hasSize(1);
    assertThat(admin.rbac().roleBindings().list().getItems()).hasSize(1);
  }

  @Test
  void whatTheApiServerDoesNotWantIsSaidAndChangesNothing() {
    try (var powerless = new AgentRights(agent, AGENTS, Set.of(), apps::stream, instances)) {
      assertThatThrownBy(() -> powerless.grant(instance("named")))
          .isInstanceOf(RightsRefusedException.class)
          .hasMessageContaining(ROLE)
          .hasMessageContaining(space());
    }
    rights.grant(instance("named"));
    awaitReads("named");
  }

  @Test
  void whatIsGrantedGoesWithTheAgentsClusterRole() {
    rights.grant(instance("named"));

    var owner = admin.rbac().clusterRoles().withName(Confinement.AGENT_ROLE).require();
    var made =
        List.<HasMetadata>of(
            admin.rbac().roles().withName(ROLE).require(),
            admin.rbac().roleBindings().withName(ROLE).require());
    assertThat(made)
        .allSatisfy(object ->
            assertThat(object.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(it -> assertThat(it.getUid()).isEqualTo(owner.getMetadata().getUid())));
  }

  private void denied(String why, HasMetadata object) {
    assertThatThrownBy(() -> operator.resource(object).create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(why);
  }

  private HasMetadata role(String name, PolicyRule rule) {
    return new RoleBuilder()
        .withNewMetadata()
        .withNamespace(space())
        .withName(name)
        .endMetadata()
        .withRules(rule)
        .build();
  }

  private HasMetadata binding(String name, String account) {
    return new RoleBindingBuilder()
        .withNewMetadata()
        .withNamespace(space())
        .withName(name)
        .endMetadata()
        .withNewRoleRef("rbac.authorization.k8s.io", "Role", ROLE)
        .addNewSubject()
        .withKind("ServiceAccount")
        .withNamespace(Confinement.NAMESPACE)
        .withName(account)
        .endSubject()
        .build();
  }

  private Secret secret(String name) {
    return admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToStringData("key", "value")
                .build())
        .serverSideApply();
  }

  private WasmInstance instance(String secret) {
    return parse(
        WasmInstance.class,
        "{metadata: {name: of-%s, namespace: %s}, spec: {appName: a, nodeName: n, envFrom: [{secretRef: {name: %s}}]}}"
            .formatted(secret, space(), secret));
  }

  private WasmApp app(String name, String secret) {
    return parse(
        WasmApp.class,
        "{metadata: {name: %s, namespace: %s}, spec: {image: i, volumes: [{name: v, secret: {secretName: %s}}]}}"
            .formatted(name, space(), secret));
  }

  private <T> T parse(Class<T> kind, String yaml) {
    return admin.getKubernetesSerialization().unmarshal("---\n" + yaml, kind);
  }

  private void awaitReads(String name) {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreException(KubernetesClientException.class)
        .until(() -> agent.secrets().inNamespace(space()).withName(name).get() != null);
  }

  private void awaitNames(String... names) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(names()).containsExactly(names));
  }

  private List<String> names() {
    var role = admin.rbac().roles().withName(ROLE).get();
    return role == null ? List.of() : role.getRules().getFirst().getResourceNames();
  }

  private String space() {
    return admin.getNamespace();
  }

  private static void forbidden(Runnable request) {
    assertThatThrownBy(request::run)
        .isInstanceOf(KubernetesClientException.class)
        .extracting(e -> ((KubernetesClientException) e).getCode())
        .isEqualTo(403);
  }

  private static Watcher<Secret> tell(CompletableFuture<Secret> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Secret secret) {
        seen.complete(secret);
      }

      @Override
      public void onClose(WatcherException cause) {
        seen.completeExceptionally(cause);
      }
    };
  }
}
