package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two apps on one node: neither comes to the other's files, whatever it asks for. */
@InSharedHouse
class OthersFilesTest {
  private static final String MINE =
      "nodeSelector: {zone: a}, volumes: [{name: data, wasmVolume: {claimName: %s}}, {name: tmp, emptyDir: {}}], volumeMounts: [{name: data, mountPath: /data}, {name: tmp, mountPath: /tmp}]";

  @Test
  void noPathAndNoLinkLeadsToAnotherAppsFiles(Apps apps) throws IOException {
    volume(apps, "victims");
    volume(apps, "thiefs");
    App victim = apps.apply("victim", MINE.formatted("victims")).awaitReady(1);
    App thief = apps.apply("thief", MINE.formatted("thiefs")).awaitReady(1);
    assertThat(thief.nodes()).isEqualTo(victim.nodes());
    ServiceProxy victims = victim.service();
    ServiceProxy service = thief.service();
    String mark = "mark-" + apps.namespace();
    awaitAsserted(() -> assertThat(App.answers(victims, "/count?/data/" + mark)).isNotEmpty());
    awaitAsserted(() -> assertThat(App.answers(service, "/touch?/data/own")).hasSize(1));
    Path precious = find(apps, mark);
    Path victimsFolder = folderOf(precious);
    Path own = folderOf(find(apps, "own"));
    // As if the thief had made them: its engine refuses to make those that lead out.
    Files.createSymbolicLink(own.resolve("absolute"), precious);
    Files.createSymbolicLink(own.resolve("relative"), own.relativize(precious));
    Files.createSymbolicLink(own.resolve("folder"), victimsFolder);
    Files.createSymbolicLink(own.resolve("process"), Path.of("/proc/self/root"));

    String[] paths = {
      precious.toString(),
      "/data/../../" + victimsFolder.getFileName() + "/" + mark,
      "/data/" + own.relativize(precious),
      "/tmp/../data/../" + victimsFolder.getFileName() + "/" + mark,
      "/data/absolute",
      "/data/relative",
      "/data/folder/" + mark,
      "/data/process" + precious,
      "/proc/self/root" + precious,
      "/proc/self/environ",
      "/etc/passwd",
      "/victims/" + mark,
    };

    for (String path : paths)
      assertThat(App.answers(service, "/get?" + path))
          .as(path)
          .singleElement()
          .asString()
          .startsWith("get " + path + ": ")
          .doesNotContain("begun", "root:");
    assertThat(App.answers(victims, "/get?/data/" + mark))
        .allMatch(text -> text.startsWith("begun"));
  }

  private static Path find(Apps apps, String name) throws IOException {
    try (Stream<Path> files = Files.walk(apps.house().folder())) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private static void volume(Apps apps, String name) {
    apps.applyYaml(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmVolume
        metadata: {name: %s}
        spec: {size: 10Mi}
        """
            .formatted(name));
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent(), () -> file + " is in no folder");
  }
}
