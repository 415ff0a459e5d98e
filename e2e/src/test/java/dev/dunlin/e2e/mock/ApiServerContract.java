package dev.dunlin.e2e.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What our programs rely on in an API server. Run against the one in memory and against a real one,
 * so that the first cannot drift from the second.
 */
abstract class ApiServerContract {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private @Nullable KubernetesClient client;
  private String namespace = "";

  /** Gives each test a namespace of its own and the kind that all of them use. */
  final void begin(KubernetesClient server) {
    client = server;
    namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
    server
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    CustomResourceDefinition widgets =
        YAML.unmarshal(
            ApiServerContract.class.getResourceAsStream("/mock/widgets.yaml"),
            CustomResourceDefinition.class);
    server.resource(widgets).serverSideApply();
    await().ignoreExceptions().until(() -> widgets().list().getItems().isEmpty());
  }

  private KubernetesClient client() {
    return Objects.requireNonNull(client, "begin() was not called");
  }

  // Objects

  @Test
  void aNewObjectGetsWhatTheServerGives() {
    GenericKubernetesResource made = widgets().resource(widget("one", "colour: red")).create();

    assertThat(made.getMetadata().getUid()).isNotBlank();
    assertThat(made.getMetadata().getCreationTimestamp()).isNotBlank();
    assertThat(made.getMetadata().getResourceVersion()).isNotBlank();
    assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(at(made, "/spec/replicas").asInt()).isEqualTo(1);
  }

  @Test
  void generateNameMakesNamesThatDiffer() {
    GenericKubernetesResource wanted = widget("x", "colour: red");
    wanted.getMetadata().setName(null);
    wanted.getMetadata().setGenerateName("w-");

    String first = widgets().resource(wanted).create().getMetadata().getName();
    String second = widgets().resource(wanted).create().getMetadata().getName();

    assertThat(first).matches("w-[a-z0-9]{5}").isNotEqualTo(second);
  }

  @Test
  void aNameIsTakenOnce() {
    widgets().resource(widget("one", "colour: red")).create();

    assertRefused(
        409, "already exists", () -> widgets().resource(widget("one", "colour: red")).create());
  }

  @Test
  void aNamespaceHasToBeThere() {
    GenericKubernetesResource stray = widget("one", "colour: red");
    stray.getMetadata().setNamespace("nowhere");

    assertRefused(404, "namespaces \"nowhere\" not found", () -> client().resource(stray).create());
  }

  @Test
  void theSchemaRefusesAndPrunes() {
    assertRefused(
        422, "spec.colour", () -> widgets().resource(widget("one", "colour: mauve")).create());
    assertRefused(
        422, "spec.colour", () -> widgets().resource(widget("one", "replicas: 2")).create());
    assertRefused(
        422,
        "spec.replicas",
        () -> widgets().resource(widget("one", "colour: red, replicas: 11")).create());

    GenericKubernetesResource made =
        widgets().resource(widget("one", "colour: red, shape: round")).create();

    assertThat(at(made, "/spec/shape").isMissingNode()).isTrue();
  }

  @Test
  void anUpdateOfAnOldVersionIsAConflict() {
    GenericKubernetesResource old = widgets().resource(widget("one", "colour: red")).create();
    widgets().withName("one").edit(set("colour", "blue"));
    spec(old).put("colour", "green");

    assertRefused(409, "the object has been modified", () -> widgets().resource(old).update());
  }

  @Test
  void theGenerationCountsChangesOfTheSpecOnly() {
    widgets().resource(widget("one", "colour: red")).create();

    var labelled = widgets().withName("one").edit(w -> label(w, "a", "b"));
    var reported = widgets().resource(status(labelled, "note: hello")).updateStatus();
    var changed = widgets().withName("one").edit(set("colour", "blue"));

    assertThat(labelled.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(reported.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void theStatusHasARoadOfItsOwn() {
    GenericKubernetesResource made =
        widgets().resource(status(widget("one", "colour: red"), "note: ignored")).create();
    assertThat(at(made, "/status").isMissingNode()).isTrue();

    GenericKubernetesResource both = status(made, "note: hello");
    spec(both).put("colour", "blue");
    GenericKubernetesResource reported = widgets().resource(both).updateStatus();
    assertThat(at(reported, "/status/note").asText()).isEqualTo("hello");
    assertThat(at(reported, "/spec/colour").asText()).isEqualTo("red");

    GenericKubernetesResource edited =
        widgets().resource(status(widgets().withName("one").get(), "note: changed")).update();
    assertThat(at(edited, "/status/note").asText()).isEqualTo("hello");
  }

  @Test
  void aWriteThatChangesNothingKeepsTheResourceVersion() {
    GenericKubernetesResource made = widgets().resource(widget("one", "colour: red")).create();

    GenericKubernetesResource again = widgets().resource(made).update();

    assertThat(again.getMetadata().getResourceVersion())
        .isEqualTo(made.getMetadata().getResourceVersion());
  }

  @Test
  void patchesOfEachKindApply() {
    widgets().resource(widget("one", "colour: red, options: {a: x, b: y}")).create();

    var merged =
        widgets()
            .withName("one")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"options\":{\"a\":null,\"c\":\"z\"}}}");
    var json =
        widgets()
            .withName("one")
            .patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\":\"replace\",\"path\":\"/spec/colour\",\"value\":\"blue\"}]");

    assertThat(at(merged, "/spec/options").toString()).isEqualTo("{\"b\":\"y\",\"c\":\"z\"}");
    assertThat(at(json, "/spec/colour").asText()).isEqualTo("blue");
  }

  @Test
  void aMergePatchOfAnOldVersionIsAConflictAndChangesNothing() {
    GenericKubernetesResource old = widgets().resource(widget("one", "colour: red")).create();
    widgets().withName("one").edit(set("colour", "blue"));
    String changed = "{\"metadata\":%s,\"spec\":{\"colour\":\"green\"}}".formatted(version(old));
    String reported = "{\"metadata\":%s,\"status\":{\"note\":\"mine\"}}".formatted(version(old));
    PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);

    assertRefused(
        409, "the object has been modified", () -> widgets().withName("one").patch(merge, changed));
    assertRefused(
        409,
        "the object has been modified",
        () -> widgets().withName("one").subresource("status").patch(merge, reported));

    GenericKubernetesResource now = widgets().withName("one").get();
    assertThat(at(now, "/spec/colour").asText()).isEqualTo("blue");
    assertThat(at(now, "/status/note").isMissingNode()).isTrue();
  }

  @Test
  void aMergePatchOfWhatWasMadeAnewIsAConflict() {
    GenericKubernetesResource old = widgets().resource(widget("one", "colour: red")).create();
    widgets().withName("one").delete();
    widgets().resource(widget("one", "colour: blue")).create();
    String changed = "{\"metadata\":%s,\"status\":{\"note\":\"mine\"}}".formatted(version(old));

    assertRefused(
        409,
        "one",
        () ->
            widgets()
                .withName("one")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), changed));
  }

  @Test
  void theScaleSubresourceReadsAndSetsReplicas() {
    widgets().resource(widget("one", "colour: red")).create();
    widgets()
        .resource(status(widgets().withName("one").get(), "replicas: 1, selector: a=b"))
        .updateStatus();

    var before = widgets().withName("one").scale();
    widgets().withName("one").scale(3);

    assertThat(before.getSpec().getReplicas()).isEqualTo(1);
    assertThat(before.getStatus().getSelector()).isEqualTo("a=b");
    assertThat(at(widgets().withName("one").get(), "/spec/replicas").asInt()).isEqualTo(3);
    assertThat(widgets().withName("one").get().getMetadata().getGeneration()).isEqualTo(2);
  }

  // Server-side apply

  @Test
  void applyCreatesThenMergesAndDropsWhatIsNoLongerSaid() {
    apply("us", widget("one", "colour: red, options: {a: x, b: y}, list: [p, q]"));
    apply("them", widget("one", "options: {c: z}"));

    GenericKubernetesResource merged =
        apply("us", widget("one", "colour: blue, options: {a: x}, list: [r]"));

    assertThat(at(merged, "/spec/colour").asText()).isEqualTo("blue");
    assertThat(at(merged, "/spec/options").toString()).isEqualTo("{\"a\":\"x\",\"c\":\"z\"}");
    assertThat(at(merged, "/spec/list").toString()).isEqualTo("[\"r\"]");
    assertThat(merged.getMetadata().getManagedFields())
        .extracting(entry -> entry.getManager() + " " + entry.getOperation())
        .containsExactlyInAnyOrder("us Apply", "them Apply");
  }

  @Test
  void applyingTheSameAgainChangesNothing() {
    GenericKubernetesResource first = apply("us", widget("one", "colour: red, options: {a: x}"));

    GenericKubernetesResource second = apply("us", widget("one", "colour: red, options: {a: x}"));

    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
  }

  @Test
  void applyOfAnothersFieldIsAConflictUnlessForced() {
    apply("us", widget("one", "colour: red"));

    assertRefused(
        409,
        "conflict with \"us\"",
        () -> widgets().resource(widget("one", "colour: blue")).patch(ssa("them", false)));
    GenericKubernetesResource taken = apply("them", widget("one", "colour: blue"));

    assertThat(at(taken, "/spec/colour").asText()).isEqualTo("blue");
    assertThat(taken.getMetadata().getManagedFields())
        .extracting("manager")
        .containsExactly("them");
  }

  @Test
  void conditionsOfTwoWritersMergeByType() {
    widgets().resource(widget("one", "colour: red")).create();
    applyStatus("agent", "note: mine, conditions: [{type: Serving, status: 'True'}]");
    applyStatus(
        "operator",
        "conditions: [{type: Ready, status: 'False', reason: Early}, {type: Gone, status: 'True'}]");

    GenericKubernetesResource merged =
        applyStatus("operator", "conditions: [{type: Ready, status: 'True'}]");

    assertThat(at(merged, "/status/note").asText()).isEqualTo("mine");
    assertThat(at(merged, "/status/conditions"))
        .isEqualTo(
            YAML.unmarshal(
                "[{\"type\":\"Serving\",\"status\":\"True\"},{\"type\":\"Ready\",\"status\":\"True\"}]",
                JsonNode.class));
  }

  @Test
  void anItemThatAnotherWriterSharesOnlyLosesWhatWasOurs() {
    widgets().resource(widget("one", "colour: red")).create();
    applyStatus("us", "conditions: [{type: Ready, status: 'True', reason: Ours}]");
    applyStatus("them", "conditions: [{type: Ready, status: 'True'}]");

    GenericKubernetesResource left = applyStatus("us", "note: only");

    assertThat(at(left, "/status/conditions"))
        .isEqualTo(YAML.unmarshal("[{\"type\":\"Ready\",\"status\":\"True\"}]", JsonNode.class));
  }

  @Test
  void applyOfAnOldVersionIsAConflictEvenWhenForced() {
    GenericKubernetesResource old = widgets().resource(widget("one", "colour: red")).create();
    applyStatus("us", "note: first");

    assertRefused(
        409,
        "the object has been modified",
        () -> applyStatus("us", old.getMetadata().getResourceVersion(), "note: second"));
    String now = widgets().withName("one").require().getMetadata().getResourceVersion();
    GenericKubernetesResource written = applyStatus("us", now, "note: third");

    assertThat(at(written, "/status/note").asText()).isEqualTo("third");
  }

  @Test
  void applyToTheStatusOfWhatIsNotThereIsRefused() {
    assertRefused(404, "not found", () -> applyStatus("us", "note: x"));
  }

  // Lists and watches

  @Test
  void listsSelectByLabelNameAndSelectableField() {
    widgets().resource(label(widget("one", "colour: red, nodeName: a"), "app", "x")).create();
    widgets().resource(label(widget("two", "colour: red, nodeName: b"), "app", "y")).create();

    assertThat(names(widgets().withField("spec.nodeName", "b").list().getItems()))
        .containsExactly("two");
    assertThat(names(widgets().withField("metadata.name", "one").list().getItems()))
        .containsExactly("one");
    assertThat(names(widgets().withLabelIn("app", "y", "z").list().getItems()))
        .containsExactly("two");
    assertThat(names(widgets().withLabel("app").withoutLabel("app", "y").list().getItems()))
        .containsExactly("one");
    assertRefused(
        400, "field label not supported", () -> widgets().withField("spec.colour", "red").list());
  }

  @Test
  void aWatchTellsWhatComesToMatchAndWhatCeasesTo() {
    var seen = new CopyOnWriteArrayList<String>();
    widgets().resource(label(widget("before", "colour: red"), "app", "x")).create();
    try (var _ = widgets().withLabel("app", "x").watch(recorder(seen))) {
      await().until(() -> seen.contains("ADDED before"));
      widgets().resource(widget("one", "colour: red")).create();
      widgets().withName("one").edit(w -> label(w, "app", "x"));
      widgets().withName("one").edit(set("colour", "blue"));
      widgets().withName("one").edit(w -> label(w, "app", "y"));
      widgets().withName("before").delete();

      await().until(() -> seen.size() >= 5);
      assertThat(seen)
          .containsExactly(
              "ADDED before", "ADDED one", "MODIFIED one", "DELETED one", "DELETED before");
    }
  }

  @Test
  void anInformerOfOneNodeSeesOnlyItsOwn() {
    widgets().resource(widget("mine", "colour: red, nodeName: a")).create();
    widgets().resource(widget("other", "colour: red, nodeName: b")).create();
    try (var informer = widgets().withField("spec.nodeName", "a").inform()) {
      widgets().resource(widget("later", "colour: red, nodeName: a")).create();

      await().until(() -> informer.getStore().list().size() == 2);
      assertThat(names(informer.getStore().list())).containsExactlyInAnyOrder("mine", "later");
    }
  }

  // The end of objects

  @Test
  void anObjectWithAFinalizerWaitsForIt() {
    GenericKubernetesResource kept = widget("one", "colour: red");
    kept.getMetadata().setFinalizers(List.of("example.dev/hold"));
    widgets().resource(kept).create();

    widgets().withName("one").delete();
    GenericKubernetesResource terminating = widgets().withName("one").get();
    assertThat(terminating.getMetadata().getDeletionTimestamp()).isNotBlank();
    assertThat(terminating.getMetadata().getGeneration()).isEqualTo(2);

    widgets().withName("one").edit(w -> finalizers(w, List.of()));
    await().until(() -> widgets().withName("one").get() == null);
  }

  @Test
  void noFinalizerComesOnceAnObjectIsGoing() {
    GenericKubernetesResource kept = widget("one", "colour: red");
    kept.getMetadata().setFinalizers(List.of("example.dev/hold"));
    widgets().resource(kept).create();
    widgets().withName("one").delete();

    assertRefused(
        422,
        "no new finalizers can be added",
        () ->
            widgets()
                .withName("one")
                .edit(w -> finalizers(w, List.of("example.dev/hold", "example.dev/more"))));
    widgets().withName("one").edit(w -> finalizers(w, List.of()));
  }

  @Test
  void whatAnObjectOwnsGoesWithIt() {
    GenericKubernetesResource owner = widgets().resource(widget("owner", "colour: red")).create();
    client().configMaps().inNamespace(namespace).resource(ownedBy(owner, "owned")).create();

    widgets().withName("owner").withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();

    await()
        .until(() -> client().configMaps().inNamespace(namespace).withName("owned").get() == null);
  }

  @Test
  void aNamespaceTakesItsObjectsAlong() {
    widgets().resource(widget("one", "colour: red")).create();

    client().namespaces().withName(namespace).delete();

    await()
        .atMost(java.time.Duration.ofSeconds(60))
        .until(() -> client().namespaces().withName(namespace).get() == null);
    assertThat(widgets().withName("one").get()).isNull();
  }

  // Other kinds

  @Test
  void aLeaseIsTakenByTheFirstOnly() {
    var lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName("leader")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity("a")
            .withLeaseDurationSeconds(8)
            .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
            .endSpec()
            .build();
    var made = client().resource(lease).create();
    client()
        .resource(made)
        .edit(held -> held.edit().editSpec().withHolderIdentity("b").endSpec().build());
    made.getSpec().setHolderIdentity("c");

    assertRefused(409, "the object has been modified", () -> client().resource(made).update());
  }

  @Test
  void anEventIsSeenInBothGroups() {
    GenericKubernetesResource about = widgets().resource(widget("one", "colour: red")).create();
    client()
        .events()
        .v1()
        .events()
        .inNamespace(namespace)
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName("told")
                .endMetadata()
                .withRegarding(
                    new ObjectReferenceBuilder()
                        .withApiVersion("example.dev/v1")
                        .withKind("Widget")
                        .withName("one")
                        .withNamespace(namespace)
                        .withUid(about.getMetadata().getUid())
                        .build())
                .withReason("Told")
                .withNote("a note")
                .withAction("Tell")
                .withType("Normal")
                .withReportingController("test")
                .withReportingInstance("test-1")
                .withNewEventTime("2026-01-01T00:00:00.000000Z")
                .build())
        .create();

    var old =
        client()
            .v1()
            .events()
            .inNamespace(namespace)
            .withField("involvedObject.name", "one")
            .list()
            .getItems();

    assertThat(old).hasSize(1);
    assertThat(old.getFirst().getMessage()).isEqualTo("a note");
    assertThat(old.getFirst().getInvolvedObject().getKind()).isEqualTo("Widget");
    assertThat(
            client().events().v1().events().inNamespace(namespace).withName("told").get().getNote())
        .isEqualTo("a note");
  }

  @Test
  void aControllerRevisionKeepsWhateverItIsGiven() {
    var data = Map.of("spec", Map.of("image", "a", "env", List.of(Map.of("name", "B"))));
    var revision =
        new ControllerRevisionBuilder()
            .withNewMetadata()
            .withName("one-abc")
            .withNamespace(namespace)
            .addToLabels("app", "one")
            .endMetadata()
            .withRevision(7L)
            .withData(data)
            .build();
    client().resource(revision).patch(ssa("test", true));

    ControllerRevision kept =
        client()
            .apps()
            .controllerRevisions()
            .inNamespace(namespace)
            .withLabel("app", "one")
            .list()
            .getItems()
            .getFirst();

    assertThat(kept.getRevision()).isEqualTo(7);
    assertThat(YAML.convertValue(kept.getData(), Object.class)).isEqualTo(data);
  }

  @Test
  void aPriorityClassHasAValue() {
    client()
        .resource(
            new PriorityClassBuilder()
                .withNewMetadata()
                .withName(namespace)
                .endMetadata()
                .withValue(1000)
                .build())
        .create();

    assertThat(client().scheduling().v1().priorityClasses().withName(namespace).get().getValue())
        .isEqualTo(1000);
  }

  @Test
  void aTokenThatNobodyGaveIsNobodys() {
    var review =
        client()
            .resource(new TokenReviewBuilder().withNewSpec().withToken("made-up").endSpec().build())
            .create();

    assertThat(review.getStatus().getAuthenticated()).isNotEqualTo(true);
    assertThat(review.getStatus().getError()).isNotBlank();
  }

  @Test
  void mastersMayDoEverythingAndStrangersNothing() {
    assertThat(mayReadLogs("system:masters")).isTrue();
    assertThat(mayReadLogs("strangers")).isFalse();
  }

  private boolean mayReadLogs(String group) {
    return client()
        .resource(
            new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("somebody")
                .withGroups(group)
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withGroup("logs.dunlin.dev")
                .withResource("wasmapps")
                .withSubresource("log")
                .withVerb("get")
                .endResourceAttributes()
                .endSpec()
                .build())
        .create()
        .getStatus()
        .getAllowed();
  }

  // What the tests are made of

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      widgets() {
    return client().genericKubernetesResources("example.dev/v1", "Widget").inNamespace(namespace);
  }

  private GenericKubernetesResource widget(String name, String spec) {
    return YAML.unmarshal(
        """
        apiVersion: example.dev/v1
        kind: Widget
        metadata: {name: %s, namespace: %s}
        spec: {%s}
        """
            .formatted(name, namespace, spec),
        GenericKubernetesResource.class);
  }

  private GenericKubernetesResource apply(String manager, GenericKubernetesResource widget) {
    return widgets().resource(widget).patch(ssa(manager, true));
  }

  private GenericKubernetesResource applyStatus(String manager, String status) {
    return applyStatus(manager, null, status);
  }

  private GenericKubernetesResource applyStatus(
      String manager, @Nullable String resourceVersion, String status) {
    GenericKubernetesResource widget = status(widget("one", ""), status);
    widget.getMetadata().setResourceVersion(resourceVersion);
    widget.getAdditionalProperties().remove("spec");
    return widgets().resource(widget).subresource("status").patch(ssa(manager, true));
  }

  private static PatchContext ssa(String manager, boolean force) {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(manager)
        .withForce(force)
        .build();
  }

  private static GenericKubernetesResource status(GenericKubernetesResource widget, String status) {
    GenericKubernetesResource with = YAML.clone(widget);
    Map<?, ?> both = YAML.unmarshal("status: {" + status + "}", Map.class);
    with.setAdditionalProperty("status", both.get("status"));
    return with;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> spec(GenericKubernetesResource widget) {
    return (Map<String, Object>)
        Objects.requireNonNull(widget.getAdditionalProperties().get("spec"));
  }

  private static java.util.function.UnaryOperator<GenericKubernetesResource> set(
      String field, String value) {
    return widget -> {
      spec(widget).put(field, value);
      return widget;
    };
  }

  private static GenericKubernetesResource label(
      GenericKubernetesResource widget, String key, String value) {
    widget.getMetadata().setLabels(Map.of(key, value));
    return widget;
  }

  private static GenericKubernetesResource finalizers(
      GenericKubernetesResource widget, List<String> finalizers) {
    widget.getMetadata().setFinalizers(finalizers);
    return widget;
  }

  private ConfigMap ownedBy(GenericKubernetesResource owner, String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .build())
        .endMetadata()
        .build();
  }

  /** What a patch is to be over, as JSON. */
  private static String version(GenericKubernetesResource widget) {
    return "{\"uid\":\"%s\",\"resourceVersion\":\"%s\"}"
        .formatted(widget.getMetadata().getUid(), widget.getMetadata().getResourceVersion());
  }

  private static JsonNode at(GenericKubernetesResource widget, String pointer) {
    JsonNode tree = YAML.convertValue(widget, JsonNode.class);
    return tree.at(pointer);
  }

  private static List<String> names(List<GenericKubernetesResource> widgets) {
    return widgets.stream().map(widget -> widget.getMetadata().getName()).toList();
  }

  private static Watcher<GenericKubernetesResource> recorder(List<String> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, GenericKubernetesResource widget) {
        seen.add(action + " " + widget.getMetadata().getName());
      }

      @Override
      public void onClose(WatcherException cause) {
        seen.add("CLOSED " + cause.getMessage());
      }
    };
  }

  private static void assertRefused(int code, String message, Runnable request) {
    Consumer<Throwable> withCode =
        error -> assertThat(((KubernetesClientException) error).getCode()).isEqualTo(code);
    assertThatThrownBy(request::run)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(message)
        .satisfies(withCode);
  }
}
