package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files made from ConfigMaps, Secrets and the instance itself, as kubelet keeps them. */
@InSharedHouse
class FilesTest {
  private List<String> begun = List.of();

  @SuppressWarnings("NullAway.Init")
  private App app;

  @Test
  void filesOfAnOptionalSecretComeChangeAndGoWithIt(Apps apps) throws IOException {
    ServiceProxy service =
        begin(apps, "volumes: [{name: files, secret: {secretName: keys, optional: true}}]");
    assertThat(get(service, "key")).startsWith("get /files/key: ");

    apps.secret("keys", "key: one");
    awaitAsserted(() -> assertThat(get(service, "key")).isEqualTo("one"));

    apps.secret("keys", "key: two, other: more");
    awaitAsserted(() -> assertThat(get(service, "other")).isEqualTo("more"));
    assertThat(get(service, "key")).as("all files change at once").isEqualTo("two");

    apps.kubectl().run("delete", "secret", "keys");
    awaitAsserted(() -> assertThat(get(service, "key")).startsWith("get /files/key: "));
  }

  @Test
  void whatIsRequiredAndDeletedLeavesItsFilesAsTheyAre(Apps apps) throws IOException {
    apps.configMap("words", "word: one");
    apps.configMap("witness", "word: one");
    ServiceProxy service =
        begin(
            apps,
            """
            volumes: [{name: files, projected: {sources: [
              {configMap: {name: words, items: [{key: word, path: a/word}]}}]}}, {name: other, configMap: {name: witness}}],
            volumeMounts: [{name: files, mountPath: /files}, {name: other, mountPath: /other}]\
            """);
    awaitAsserted(() -> assertThat(get(service, "a/word")).isEqualTo("one"));

    apps.kubectl().run("delete", "configmap", "words");
    apps.configMap("witness", "word: two");

    awaitAsserted(
        () -> assertThat(App.answers(service, "/get?/other/word")).containsExactly("two"));
    assertThat(get(service, "a/word")).isEqualTo("one");
  }

  @Test
  void aKeyThatGoesMissingLeavesTheFilesAndIsTold(Apps apps) throws IOException {
    apps.configMap("words", "word: one, other: a");
    ServiceProxy service =
        begin(
            apps,
            "volumes: [{name: files, configMap: {name: words, items: [{key: word, path: word}, {key: other, path: other}]}}]");

    apps.configMap("words", "other: b");

    awaitAsserted(() -> assertThat(app.events()).contains("VolumeUpdateFailed"));
    assertThat(get(service, "word")).isEqualTo("one");
    assertThat(get(service, "other")).isEqualTo("a");
    apps.configMap("words", "word: two, other: c");
    awaitAsserted(() -> assertThat(get(service, "word")).isEqualTo("two"));
    assertThat(get(service, "other")).isEqualTo("c");
  }

  @Test
  void downwardFilesFollowTheInstance(Apps apps) throws IOException {
    ServiceProxy service =
        begin(
            apps,
            """
            volumes: [{name: files, downwardAPI: {items: [
              {path: node, fieldRef: {fieldPath: spec.nodeName}}, {path: uid, fieldRef: {fieldPath: metadata.uid}},
              {path: mood, fieldRef: {fieldPath: "metadata.annotations['mood']"}}, {path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]\
            """);
    String instance = app.names().getFirst();
    awaitAsserted(() -> assertThat(get(service, "node")).isEqualTo(app.nodes().getFirst()));
    assertThat(get(service, "uid")).isEqualTo(app.standing().getFirst().getMetadata().getUid());

    apps.kubectl().run("annotate", "wasminstance", instance, "mood=good");
    apps.kubectl().run("label", "wasminstance", instance, "tide=high");

    awaitAsserted(() -> {
      assertThat(get(service, "mood")).isEqualTo("good");
      assertThat(get(service, "labels")).contains("tide=\"high\"");
    });
  }

  @Test
  void nobodyWritesToThem(Apps apps) throws IOException {
    apps.configMap("words", "word: one");
    ServiceProxy service = begin(apps, "volumes: [{name: files, configMap: {name: words}}]");

    for (String step :
        List.of("touch?/files/mine", "rm?/files/word", "count?/files/word", "fill?/files/big+1"))
      awaitAsserted(() ->
          assertThat(App.answers(service, "/" + step))
              .singleElement()
              .asString()
              .startsWith(step.replaceFirst("\\?.*", " /files/")));

    assertThat(get(service, "word")).isEqualTo("one");
  }

  /** An app with those volumes, {@code files} under /files, that is to be left running. */
  private ServiceProxy begin(Apps apps, String volumes) {
    String mounts = ", volumeMounts: [{name: files, mountPath: /files}]";
    app =
        apps.apply("files", volumes + (volumes.contains("volumeMounts") ? "" : mounts))
            .awaitReady(1);
    begun = app.names();
    ServiceProxy service = app.service();
    awaitAsserted(() -> assertThat(service.targets()).hasSize(1));
    return service;
  }

  @AfterEach
  void nothingWasRestarted() {
    assertThat(app.names()).isEqualTo(begun);
    assertThat(App.statusOf(app.standing().getFirst()).restarts()).isIn(null, 0);
  }

  private static String get(ServiceProxy service, String path) throws IOException {
    return App.answers(service, "/get?/files/" + path).getFirst();
  }
}
