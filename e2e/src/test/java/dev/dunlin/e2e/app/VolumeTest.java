package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static dev.dunlin.e2e.app.Inhabitants.NODE_C;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.VolumePhase;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Storage that outlives what uses it. Agents A and B offer local volumes, C none. */
@InSharedHouse
class VolumeTest {
  private static final String DATA =
      "volumes: [{name: data, wasmVolume: {claimName: data}}], volumeMounts: [{name: data, mountPath: /data}]";

  @Test
  void aLocalVolumePinsItsInstanceToItsNodeAndOutlivesIt(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App app = apps.apply("keeper", "replicas: 1, " + DATA).awaitReady(1);
    ServiceProxy service = app.service();
    awaitAsserted(
        () -> assertThat(App.answers(service, "/count?/data/n")).containsExactly("begun 1"));
    String node = app.nodes().getFirst();
    assertThat(status(apps, "data").nodeName()).isEqualTo(node);
    assertThat(status(apps, "data").usedBy()).isEqualTo("keeper");
    assertThat(status(apps, "data").phase()).isEqualTo(VolumePhase.Bound);

    String first = app.names().getFirst();
    app.itsInstances().withField("metadata.name", first).delete();
    awaitAsserted(() -> assertThat(app.names()).hasSize(1).doesNotContain(first));
    app.awaitReady(1);
    awaitAsserted(() -> assertThat(App.answers(service, "/get?/data/n")).containsExactly("begun"));

    app.apply("replicas: 1, args: [next], " + DATA);
    app.awaitReady(1);
    assertThat(app.nodes()).containsExactly(node);
    awaitAsserted(() -> assertThat(App.answers(service, "/get?/data/n")).containsExactly("begun"));
  }

  @Test
  void aLocalVolumeOutlivesItsAgent(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App app = apps.apply("keeper", "replicas: 1, " + DATA).awaitReady(1);
    ServiceProxy service = app.service();
    awaitAsserted(() -> assertThat(App.answers(service, "/touch?/data/kept")).hasSize(1));
    String node = app.nodes().getFirst();

    var agent = apps.inhabitants().agent(node);
    agent.kill();
    agent.start();

    awaitAsserted(
        () -> assertThat(App.answers(service, "/well?/data/kept")).containsExactly("ill"));
    assertThat(app.nodes()).containsExactly(node);
  }

  @Test
  void aLocalVolumeOutlivesAnUpdateOfItsAgent(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App app = apps.apply("keeper", "replicas: 2, " + DATA).awaitReady(2);
    ServiceProxy service = app.service();
    awaitAsserted(() -> assertThat(App.answers(service, "/touch?/data/kept")).hasSize(1));
    List<String> nodes = app.nodes();
    assertThat(Set.copyOf(nodes)).hasSize(1);

    var agent = apps.inhabitants().agent(nodes.getFirst());
    assertThat(agent.stop()).isTrue();
    awaitAsserted(() -> assertThat(app.told("Ready")).startsWith("False/"));
    assertThat(app.standing()).noneMatch(App::isReady);
    agent.start();

    app.awaitReady(2);
    assertThat(app.nodes()).isEqualTo(nodes);
    awaitAsserted(
        () -> assertThat(App.answers(service, "/well?/data/kept")).containsExactly("ill"));
  }

  @Test
  void anAppStaysWithItsVolumeUnderACordonAndSaysWhy(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App app = apps.apply("keeper", "replicas: 1, " + DATA).awaitReady(1);
    List<String> names = app.names();
    String node = app.nodes().getFirst();

    try (var _ = apps.changeNode(node, "\"unschedulable\": true")) {
      awaitAsserted(() ->
          assertThat(app.told("Progressing")).contains("WasmVolume \"data\" is on node " + node));
      assertThat(app.names()).isEqualTo(names);
      assertThat(app.standing()).allMatch(App::isReady);
    }
  }

  @Test
  void ofManyAppsThatClaimOneVolumeAtOnceOneHasIt(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    List<App> claimants = IntStream.range(0, 6).mapToObj(i -> apps.app("claimant-" + i)).toList();
    List<Seen> seen = claimants.stream().map(Seen::of).toList();

    claimants.parallelStream().forEach(app -> app.apply("replicas: 2, " + DATA));

    awaitAsserted(() -> {
      assertThat(claimants)
          .map(app -> app.told("Ready"))
          .filteredOn(told -> told.startsWith("True/"))
          .hasSize(1);
      assertThat(claimants)
          .map(app -> app.told("Ready"))
          .filteredOn(told -> told.startsWith("False/VolumeInUse"))
          .hasSize(5);
    });
    App owner = apps.app(String.valueOf(status(apps, "data").usedBy()));
    owner.awaitReady(2);
    assertThat(owner.nodes()).containsOnly(String.valueOf(status(apps, "data").nodeName()));
    assertThat(seen).map(Seen::ever).containsOnlyOnce(2).filteredOn(ever -> ever == 0).hasSize(5);
    seen.forEach(Seen::close);
  }

  @Test
  void ofTwoAppsThatClaimOneVolumeTheFirstHasIt(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App first = apps.apply("first", DATA).awaitReady(1);

    App second = apps.apply("second", DATA);

    second.awaitCondition("Ready", "False", "VolumeInUse");
    assertThat(second.told("Ready")).contains("first");
    assertThat(second.instances()).isEmpty();
    first.awaitReady(1);
    first.delete();
    second.awaitReady(1);
  }

  @Test
  void aVolumeThatIsNotThereIsWaitedFor(Apps apps) {
    App app = apps.apply("early", DATA);
    awaitAsserted(() -> assertThat(app.told("Ready")).startsWith("False/VolumeNotFound"));

    volume(apps, "data", "size: 10Mi");

    app.awaitReady(1);
  }

  @Test
  void whereNoNodeOffersVolumesTheConditionSaysSo(Apps apps) {
    volume(apps, "data", "size: 10Mi");

    App app = apps.apply("landless", "nodeSelector: {zone: c}, " + DATA);

    awaitAsserted(() -> {
      assertThat(app.told("Ready")).startsWith("False/");
      assertThat(app.told("Ready")).containsAnyOf("VolumesNotOffered", "volume");
    });
    assertThat(app.instances()).isEmpty();
    assertThat(apps.node(NODE_C).getStatus()).isNotNull();
  }

  @Test
  void aDeletedVolumeTakesItsFilesAlong(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App app = apps.apply("brief", DATA).awaitReady(1);
    ServiceProxy service = app.service();
    awaitAsserted(
        () -> assertThat(App.answers(service, "/touch?/data/mark-" + apps.namespace())).hasSize(1));
    assertThat(foldersOf(apps)).hasSize(1);

    apps.client()
        .resources(WasmVolume.class)
        .inNamespace(apps.namespace())
        .withName("data")
        .delete();
    awaitAsserted(
        () -> assertThat(bound(apps)).startsWith("VolumeRemoving: It is deleted once no instance"));
    awaitAsserted(() ->
        assertThat(App.answers(service, "/well?/data/mark-" + apps.namespace()))
            .containsExactly("ill"));
    app.delete();

    awaitUntil(
        "the volume has gone",
        () ->
            apps.client()
                .resources(WasmVolume.class)
                .inNamespace(apps.namespace())
                .list()
                .getItems()
                .isEmpty());
    assertThat(foldersOf(apps)).isEmpty();
  }

  @Test
  void aSharedVolumeIsOneFolderForAllAppsOfItsNamespace(Apps apps) {
    volume(apps, "data", "accessMode: ReadWriteMany, size: 10Mi");
    App writer = apps.apply("writer", "nodeSelector: {zone: a}, " + DATA).awaitReady(1);
    App reader = apps.apply("reader", "nodeSelector: {zone: b}, " + DATA).awaitReady(1);
    ServiceProxy write = writer.service();
    ServiceProxy read = reader.service();

    awaitAsserted(() -> assertThat(App.answers(write, "/count?/data/n")).isNotEmpty());

    awaitAsserted(() ->
        assertThat(App.answers(read, "/get?/data/n"))
            .allMatch(text -> text.startsWith("begun"))
            .isNotEmpty());
  }

  @Test
  void aDeletedSharedVolumeTakesItsFilesAlong(Apps apps) {
    volume(apps, "data", "accessMode: ReadWriteMany, size: 10Mi");
    App app = apps.apply("brief", DATA).awaitReady(1);
    ServiceProxy service = app.service();
    awaitAsserted(
        () -> assertThat(App.answers(service, "/touch?/data/mark-" + apps.namespace())).hasSize(1));
    assertThat(foldersOf(apps)).hasSize(1);

    app.delete();
    apps.kubectl().run("delete", "wasmvolume", "data", "--timeout=60s");

    assertThat(foldersOf(apps)).isEmpty();
  }

  @Test
  void aDeletedNamespaceTakesItsVolumesAlong(Apps apps) {
    volume(apps, "data", "size: 10Mi");
    App app = apps.apply("brief", "replicas: 2, " + DATA).awaitReady(2);
    ServiceProxy service = app.service();
    awaitAsserted(
        () -> assertThat(App.answers(service, "/touch?/data/mark-" + apps.namespace())).hasSize(1));
    assertThat(foldersOf(apps)).hasSize(1);

    apps.kubectl().run("delete", "namespace", apps.namespace(), "--timeout=90s");

    assertThat(foldersOf(apps)).isEmpty();
  }

  @Test
  void anEmptyDirOverItsLimitEndsItsInstanceAndAnotherComes(Apps apps) {
    App app =
        apps.apply(
                "glutton",
                "volumes: [{name: scratch, emptyDir: {sizeLimit: 1Mi}}], volumeMounts: [{name: scratch, mountPath: /scratch}]")
            .awaitReady(1);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());
    String first = app.names().getFirst();

    awaitAsserted(() -> assertThat(App.answers(service, "/fill?/scratch/a+3")).isNotEmpty());

    awaitAsserted(
        () -> assertThat(app.names().stream().filter(name -> !name.equals(first))).isNotEmpty());
    awaitAsserted(() -> assertThat(app.events()).contains("Evicted"));
  }

  @Test
  void aFullVolumeStopsItsAppAndKeepsItsFiles(Apps apps) {
    volume(apps, "data", "size: 1Mi");
    App app =
        apps.apply(
            "full",
            "worker: {}, args: [fill /data/a 3, await /never], terminationGracePeriodSeconds: 1, "
                + DATA);

    awaitAsserted(() -> assertThat(app.told("Ready")).startsWith("False/VolumeFull"));

    volume(apps, "data", "size: 100Mi");
    awaitUntil("it runs again", () -> app.standing().stream().anyMatch(App::isReady));
  }

  private static void volume(Apps apps, String name, String spec) {
    apps.applyYaml(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmVolume
        metadata: {name: %s}
        spec: {%s}
        """
            .formatted(name, spec));
  }

  private static WasmVolumeStatus status(Apps apps, String name) {
    WasmVolume volume =
        apps.client()
            .resources(WasmVolume.class)
            .inNamespace(apps.namespace())
            .withName(name)
            .require();
    return Objects.requireNonNullElse(volume.getStatus(), WasmVolumeStatus.EMPTY);
  }

  private static String bound(Apps apps) {
    return Condition.find(status(apps, "data").conditions(), "Bound")
        .map(condition -> condition.reason() + ": " + condition.message())
        .orElse("(none)");
  }

  /** Where a file that only this test makes lies on the agents' disks. */
  private static List<Path> foldersOf(Apps apps) {
    try (Stream<Path> files = Files.walk(apps.house().folder())) {
      return files.filter(file -> file.endsWith("mark-" + apps.namespace())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
