package dev.dunlin.agent.config;

import static dev.dunlin.agent.testing.FakeConfig.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.agent.testing.FakeConfig;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFilesTest {
  private static final String SITE =
      """
      volumes: [{name: site, configMap: {name: site}}]
      volumeMounts: [{name: site, mountPath: /site}]
      """;

  @TempDir Path home;
  private final FakeConfig config = new FakeConfig();
  private final List<String> warned = new ArrayList<>();

  @Test
  void filesFollowTheirObjectInTheSameFolderWithoutARestart() throws IOException {
    config.configMap("site", keys("a", "1", "b", "1"));
    InstanceFiles files = files(SITE);
    Path folder = files.configure().grants().directories().getFirst().host();
    Object identity = key(folder);

    config.configMap("site", keys("a", "2", "c", "2"));

    assertThat(folder.resolve("a")).hasContent("2");
    assertThat(folder.resolve("b")).doesNotExist();
    assertThat(folder.resolve("c")).hasContent("2");
    assertThat(key(folder)).isEqualTo(identity);
  }

  @Test
  void aDeletedObjectLeavesTheFilesAsTheyAre() throws IOException {
    config.configMap("site", keys("a", "1"));
    files(SITE).configure();

    config.deleteConfigMap("site");
    assertThat(volume("site/a")).hasContent("1");

    config.configMap("site", keys("a", "again"));
    assertThat(volume("site/a")).hasContent("again");
    assertThat(warned).isEmpty();
  }

  @Test
  void anOptionalObjectComesAndGoesWithItsFiles() throws IOException {
    files(
            """
            volumes: [{name: site, configMap: {name: site, optional: true}}]
            volumeMounts: [{name: site, mountPath: /site}]
            """)
        .configure();
    assertThat(volume("site/a")).doesNotExist();

    config.configMap("site", keys("a", "1"));
    assertThat(volume("site/a")).hasContent("1");

    config.deleteConfigMap("site");
    assertThat(volume("site/a")).doesNotExist();
  }

  @Test
  void aKeyThatIsTakenAwayLeavesTheFilesAndIsTold() throws IOException {
    config.configMap("site", keys("a", "1", "b", "1"));
    files(
            """
            volumes: [{name: site, configMap: {name: site, items: [{key: a, path: x/a}, {key: b, path: b}]}}]
            volumeMounts: [{name: site, mountPath: /site}]
            """)
        .configure();

    config.configMap("site", keys("b", "2"));

    assertThat(volume("site/x/a")).hasContent("1");
    assertThat(volume("site/b")).hasContent("1");
    assertThat(warned).singleElement().asString().startsWith(Reasons.VOLUME_UPDATE_FAILED);
  }

  @Test
  void aRestartSeesWhatTheWatchHasShown() throws IOException {
    config.configMap("site", keys("a", "1"));
    InstanceFiles files = files(SITE);
    files.configure();
    config.configMap("site", keys("a", "2"));

    files.configure();

    assertThat(volume("site/a")).hasContent("2");
    assertThat(config.watches()).isEqualTo(1);
  }

  @Test
  void sourcesOfAProjectedVolumeShareAFolderAndTheLaterWins() throws IOException {
    config.configMap("one", keys("a", "one", "b", "one", "deep", "one"));
    config.secret("two", keys("b", "two", "c", "two"));
    files(
            """
            volumes:
            - name: all
              projected:
                sources:
                - {configMap: {name: one}}
                - {secret: {name: two, items: [{key: b, path: b}, {key: c, path: deep/c}]}}
                - {configMap: {name: absent, optional: true}}
                - {downwardAPI: {items: [{path: me, fieldRef: {fieldPath: metadata.name}}]}}
            volumeMounts: [{name: all, mountPath: /all}]
            """)
        .configure();

    assertThat(volume("all/a")).hasContent("one");
    assertThat(volume("all/b")).hasContent("two");
    assertThat(volume("all/deep/c")).hasContent("two");
    assertThat(volume("all/me")).hasContent("shop-1");

    config.secret("two", keys("b", "new", "c", "new"));
    assertThat(volume("all/b")).hasContent("new");
    assertThat(volume("all/a")).hasContent("one");
  }

  @Test
  void downwardFilesFollowLabelsAndAnnotationsAsAPodsDo() throws IOException {
    String spec =
        """
        volumes:
        - name: me
          downwardAPI:
            items:
            - {path: labels, fieldRef: {fieldPath: metadata.labels}}
            - {path: annotations, fieldRef: {fieldPath: metadata.annotations}}
            - {path: tier, fieldRef: {fieldPath: "metadata.labels['tier']"}}
            - {path: node, fieldRef: {fieldPath: spec.nodeName}}
        volumeMounts: [{name: me, mountPath: /me}]
        """;
    InstanceFiles files = files(spec);
    files.configure();
    assertThat(volume("me/labels")).hasContent("app=\"shop\"\ntier=\"back \\\"end\\\"\"");
    assertThat(Files.readString(volume("me/annotations"))).isEmpty();
    assertThat(volume("me/tier")).hasContent("back \"end\"");
    assertThat(volume("me/node")).hasContent("n1");

    WasmInstance changed = instance(spec);
    changed.getMetadata().setLabels(Map.of("tier", "front"));
    changed.getMetadata().setAnnotations(Map.of("note", "two\nlines"));
    files.follow(changed);

    assertThat(volume("me/labels")).hasContent("tier=\"front\"");
    assertThat(volume("me/annotations")).hasContent("note=\"two\\nlines\"");
    assertThat(volume("me/tier")).hasContent("front");
  }

  @Test
  void whatHasEndedFollowsNothing() throws IOException {
    config.configMap("site", keys("a", "1"));
    InstanceFiles files = files(SITE);
    files.configure();

    files.close();
    config.configMap("site", keys("a", "2"));

    assertThat(volume("site/a")).hasContent("1");
    assertThat(config.watches()).isZero();
    files.delete();
    assertThat(home).doesNotExist();
  }

  @Test
  void aVolumeThatNobodyMountsIsNotRead() throws IOException {
    files("volumes: [{name: site, configMap: {name: nothing}}]").configure();

    assertThat(config.watches()).isZero();
  }

  @Test
  void aPathThatIsKeptForTheLinkIsRefused() {
    config.configMap("site", keys("a", "1"));

    assertThatThrownBy(() ->
            files(
                    """
                    volumes: [{name: site, configMap: {name: site, items: [{key: a, path: ..data}]}}]
                    volumeMounts: [{name: site, mountPath: /site}]
                    """)
                .configure())
        .hasMessageContaining("kept for ..data");
  }

  private InstanceFiles files(String spec) {
    return new InstanceFiles(
        instance(spec),
        home,
        config.sources(Runnable::run),
        (reason, message) -> warned.add(reason + ": " + message));
  }

  private static WasmInstance instance(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmInstance
        metadata: {name: shop-1, namespace: ns, uid: u-1, labels: {tier: 'back "end"', app: shop}}
        spec:
          appName: shop
          revision: r
          nodeName: n1
          image: x
        """
            + spec.indent(2),
        WasmInstance.class);
  }

  private Path volume(String path) {
    return home.resolve("volumes").resolve(path);
  }

  private static Object key(Path folder) throws IOException {
    return Files.readAttributes(folder, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }
}
