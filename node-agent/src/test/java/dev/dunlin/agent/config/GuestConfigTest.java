package dev.dunlin.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.agent.testing.FakeConfig;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.engine.Grants.Directory;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestConfigTest {
  @TempDir Path home;
  private final FakeConfig config = new FakeConfig();

  @Test
  void envWinsOverEnvFromAndRefersToWhatStandsBefore() throws IOException {
    config.configMap(
        "settings", Map.of("A", bytes("from-map"), "B", bytes("b"), "no=name", bytes("x")));
    config.secret("keys", Map.of("TOKEN", bytes("t0p")));

    GuestConfig given =
        read(
            """
            args: ["--token=$(TOKEN)", "$$(TOKEN)"]
            envFrom:
            - {configMapRef: {name: settings}}
            - {prefix: S_, secretRef: {name: keys}}
            - {configMapRef: {name: absent, optional: true}}
            env:
            - {name: A, value: "mine"}
            - {name: C, value: "$(A)+$(B)+$(D)"}
            - {name: D, value: "late"}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: TOKEN}}}
            - {name: NONE, valueFrom: {configMapKeyRef: {name: settings, key: none, optional: true}}}
            - {name: EMPTY}
            """);

    assertThat(given.grants().env())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "A",
                "mine",
                "B",
                "b",
                "S_TOKEN",
                "t0p",
                "C",
                "mine+b+$(D)",
                "D",
                "late",
                "TOKEN",
                "t0p",
                "EMPTY",
                ""));
    assertThat(given.grants().args()).containsExactly("shop", "--token=t0p", "$(TOKEN)");
  }

  @Test
  void aRunOfAnIndexedJobKnowsItsIndexUnlessEnvSaysOtherwise() throws IOException {
    GuestConfig given =
        read(
            """
            job: {index: 7}
            args: ["part-$(JOB_COMPLETION_INDEX)"]
            env: [{name: PART, value: "$(JOB_COMPLETION_INDEX)"}]
            """);
    GuestConfig overridden =
        read("job: {index: 7}\nenv: [{name: JOB_COMPLETION_INDEX, value: mine}]\n");
    GuestConfig plain = read("job: {}\n");

    assertThat(given.grants().env())
        .containsExactlyInAnyOrderEntriesOf(Map.of("JOB_COMPLETION_INDEX", "7", "PART", "7"));
    assertThat(given.grants().args()).containsExactly("shop", "part-7");
    assertThat(overridden.grants().env()).containsEntry("JOB_COMPLETION_INDEX", "mine");
    assertThat(plain.grants().env()).isEmpty();
  }

  @Test
  void fieldsOfTheInstanceBecomeVariables() throws IOException {
    GuestConfig given =
        read(
            """
            env:
            - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
            - {name: UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['a.b/c']"}}}
            - {name: NOTE, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['none']"}}}
            """);

    assertThat(given.grants().env())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "NAME",
                "shop-1",
                "NAMESPACE",
                "ns",
                "UID",
                "u-1",
                "NODE",
                "n1",
                "LABEL",
                "yes",
                "NOTE",
                ""));
  }

  @Test
  void whatIsMissingIsNamedWithItsReason() {
    config.configMap("settings", Map.of("a", bytes("1"), "b", bytes("2")));

    assertFault(
        "env: [{name: X, valueFrom: {configMapKeyRef: {name: nope, key: a}}}]",
        Reasons.CONFIG_MAP_NOT_FOUND,
        "there is no ConfigMap \"nope\" in namespace ns. Create it; the instance starts once it is there.");
    assertFault(
        "volumes: [{name: v, secret: {secretName: nope}}]\nvolumeMounts: [{name: v, mountPath: /v}]",
        Reasons.SECRET_NOT_FOUND,
        "there is no Secret \"nope\" in namespace ns. Create it; the instance starts once it is there.");
    assertFault(
        "env: [{name: X, valueFrom: {configMapKeyRef: {name: settings, key: c}}}]",
        Reasons.KEY_NOT_FOUND,
        "ConfigMap settings in namespace ns has no key \"c\" (it has: a, b). Add the key; the instance starts once it is there.");
  }

  @Test
  void configMapsAndSecretsAreReadOnlyFilesAndEmptyDirsKeepTheirs() throws IOException {
    config.configMap("site", Map.of("index.html", bytes("<p>"), "skip", bytes("no")));
    config.secret("tls", Map.of("key", new byte[] {0, 1, 2}));
    String spec =
        """
        volumes:
        - {name: site, configMap: {name: site, items: [{key: index.html, path: www/index.html}]}}
        - {name: tls, secret: {secretName: tls}}
        - {name: tmp, emptyDir: {}}
        volumeMounts:
        - {name: site, mountPath: /site}
        - {name: tls, mountPath: /tls, readOnly: false}
        - {name: tmp, mountPath: /tmp}
        """;
    read(spec);
    Files.writeString(home.resolve("volumes/tmp/kept"), "kept");
    config.configMap("site", Map.of("index.html", bytes("<b>")));

    GuestConfig given = read(spec);

    Path volumes = home.resolve("volumes");
    assertThat(given.grants().directories())
        .containsExactly(
            new Directory(volumes.resolve("site"), "/site", true),
            new Directory(volumes.resolve("tls"), "/tls", true),
            new Directory(volumes.resolve("tmp"), "/tmp", false));
    assertThat(volumes.resolve("site/www/index.html")).hasContent("<b>");
    assertThat(volumes.resolve("site/skip")).doesNotExist();
    assertThat(volumes.resolve("tls/key")).hasBinaryContent(new byte[] {0, 1, 2});
    assertThat(volumes.resolve("tmp/kept")).hasContent("kept");
  }

  @Test
  void noItemLeadsOutOfItsVolume() {
    config.configMap("site", Map.of("a", bytes("1")));

    assertThatThrownBy(() ->
            read(
                """
                volumes: [{name: v, configMap: {name: site, items: [{key: a, path: ../../out}]}}]
                volumeMounts: [{name: v, mountPath: /v}]
                """))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leads out of");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void memoryIsTheLimitOr128Mi() throws IOException {
    assertThat(read("resources: {limits: {memory: 64Mi}}").limits().memoryBytes())
        .isEqualTo(64L << 20);
    assertThat(read("args: []").limits().memoryBytes()).isEqualTo(128L << 20);
  }

  @Test
  void moreMemoryThanALongHoldsIsTheMostThatItHolds() throws IOException {
    assertThat(read("resources: {limits: {memory: 10E}}").limits().memoryBytes())
        .isEqualTo(Long.MAX_VALUE);
  }

  private void assertFault(String spec, String reason, String message) {
    assertThatThrownBy(() -> read(spec))
        .isInstanceOfSatisfying(
            ConfigException.class, fault -> assertThat(fault.reason()).isEqualTo(reason))
        .hasMessage(message);
  }

  private GuestConfig read(String spec) throws IOException {
    var instance =
        Serialization.unmarshal(
            """
            apiVersion: dunlin.dev/v1alpha1
            kind: WasmInstance
            metadata: {name: shop-1, namespace: ns, uid: u-1, labels: {a.b/c: "yes"}}
            spec:
              appName: shop
              revision: r
              nodeName: n1
              image: x
            """
                + spec.indent(2),
            WasmInstance.class);
    return new InstanceFiles(instance, home, config.sources(Runnable::run), (reason, message) -> {})
        .configure();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
