package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.house.Requests;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A changed ConfigMap or Secret reaches the apps that refer to it. */
@InSharedHouse
class ConfigurationTest {

  @Test
  void aChangedConfigMapReachesVariablesByARollingRestart(Apps apps) {
    apps.configMap("words", "word: one, other: a");
    App app =
        apps.apply(
                "restarted",
                "replicas: 2, env: [{name: WORD, valueFrom: {configMapKeyRef: {name: words, key: word}}}]")
            .awaitReady(2);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());
    String template = app.status().revision();

    try (var clients = Requests.keepSending(service)) {
      clients.awaitMore(20);
      apps.configMap("words", "word: two, other: a");
      awaitAsserted(
          () -> assertThat(App.answers(service, "/env?WORD")).isNotEmpty().containsOnly("two"));
      app.awaitReady(2);
      clients.awaitMore(20);
      assertThat(clients.missed()).isEmpty();
    }
    assertThat(app.get().getMetadata().getGeneration()).isEqualTo(1);
    assertThat(app.status().revision()).isEqualTo(template);
  }

  @Test
  void aChangedSecretReachesEnvFromToo(Apps apps) {
    apps.secret("keys", "WORD: one");
    App app = apps.apply("secret", "envFrom: [{secretRef: {name: keys}}]").awaitReady(1);
    ServiceProxy service = app.service();
    awaitAsserted(() -> assertThat(App.answers(service, "/env?WORD")).containsExactly("one"));

    apps.secret("keys", "WORD: two");

    awaitAsserted(() -> assertThat(App.answers(service, "/env?WORD")).containsExactly("two"));
  }

  @Test
  void nothingRestartsWhereTheAppDoesNotWantIt(Apps apps) throws IOException {
    apps.configMap("words", "word: one");
    String env = "env: [{name: WORD, valueFrom: {configMapKeyRef: {name: words, key: word}}}]";
    App app = apps.apply("left", "restartOnConfigChange: false, " + env).awaitReady(1);
    App other = apps.apply("restarted", env).awaitReady(1);
    ServiceProxy service = other.service();
    List<String> before = app.names();

    apps.configMap("words", "word: two");

    awaitAsserted(() -> assertThat(App.answers(service, "/env?WORD")).containsExactly("two"));
    assertThat(app.names()).isEqualTo(before);
    assertThat(App.answers(app.service(), "/env?WORD")).allMatch("one"::equals);
  }

  @Test
  void aConfigMapThatNobodyRefersToRestartsNothing(Apps apps) {
    apps.configMap("words", "word: one");
    apps.configMap("unused", "word: one");
    String env =
        "replicas: 2, env: [{name: WORD, valueFrom: {configMapKeyRef: {name: %s, key: word}}}]";
    App app = apps.apply("left", env.formatted("words")).awaitReady(2);
    App witness = apps.apply("witness", env.formatted("unused")).awaitReady(2);
    List<String> before = app.names();
    List<String> witnessBefore = witness.names();

    apps.configMap("unused", "word: two");

    awaitAsserted(
        () -> assertThat(witness.names()).hasSize(2).doesNotContainAnyElementsOf(witnessBefore));
    witness.awaitReady(2);
    assertThat(app.names()).isEqualTo(before);
  }

  @Test
  void neitherAKeyThatNobodyUsesNorADeletionRestartsAnything(Apps apps) {
    apps.configMap("words", "word: one, other: a");
    apps.configMap("doomed", "word: one");
    String env =
        "replicas: 2, env: [{name: WORD, valueFrom: {configMapKeyRef: {name: %s, key: %s}}}]";
    App app = apps.apply("left", env.formatted("words", "word")).awaitReady(2);
    App bereft = apps.apply("bereft", env.formatted("doomed", "word")).awaitReady(2);
    App witness = apps.apply("witness", env.formatted("words", "other")).awaitReady(2);
    List<String> before = app.names();
    List<String> bereftBefore = bereft.names();
    List<String> witnessBefore = witness.names();

    apps.client().configMaps().inNamespace(apps.namespace()).withName("doomed").delete();
    apps.configMap("words", "word: one, other: b");

    awaitAsserted(
        () -> assertThat(witness.names()).hasSize(2).doesNotContainAnyElementsOf(witnessBefore));
    witness.awaitReady(2);
    assertThat(app.names()).isEqualTo(before);
    assertThat(bereft.names()).isEqualTo(bereftBefore);
  }

  @Test
  void filesChangeInPlaceAndAllAtOnce(Apps apps) throws IOException {
    String old = "a".repeat(50_000);
    String fresh = "b".repeat(70_000);
    apps.configMap("text", "file: " + old);
    App app =
        apps.apply(
                "in-place",
                "volumes: [{name: text, configMap: {name: text}}], volumeMounts: [{name: text, mountPath: /text}]")
            .awaitReady(1);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());
    List<String> before = app.names();

    apps.configMap("text", "file: " + fresh);

    awaitUntil(
        "the new file",
        () -> {
          String file = service.get("/get?/text/file").text();
          assertThat(Stream.of(old, fresh).anyMatch(file::equals))
              .as("one of the two, whole: %d letters", file.length())
              .isTrue();
          return file.equals(fresh);
        });
    assertThat(app.names()).isEqualTo(before);
    assertThat(App.statusOf(app.standing().getFirst()).restarts()).isIn(null, 0);
  }

  @Test
  void projectedAndDownwardFilesShowWhatTheInstanceIs(Apps apps) {
    apps.configMap("words", "word: one");
    apps.secret("keys", "key: secret");
    App app =
        apps.apply(
                "projected",
                """
                volumes: [{name: all, projected: {sources: [
                  {configMap: {name: words, items: [{key: word, path: c/word}]}}, {secret: {name: keys}},
                  {downwardAPI: {items: [{path: me, fieldRef: {fieldPath: metadata.name}}, {path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}}],
                volumeMounts: [{name: all, mountPath: /all}]\
                """)
            .awaitReady(1);
    ServiceProxy service = app.service();

    awaitAsserted(() -> {
      assertThat(service.get("/get?/all/c/word").text()).isEqualTo("one");
      assertThat(service.get("/get?/all/key").text()).isEqualTo("secret");
      assertThat(service.get("/get?/all/me").text()).isEqualTo(app.names().getFirst());
      assertThat(service.get("/get?/all/labels").text()).contains("dunlin.dev/app=\"projected\"");
    });
  }
}
