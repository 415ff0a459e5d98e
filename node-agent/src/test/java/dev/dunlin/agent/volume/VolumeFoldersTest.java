package dev.dunlin.agent.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.agent.config.ConfigException;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmVolume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeFoldersTest {
  @TempDir Path disk;
  private final Map<String, WasmVolume> volumes = new HashMap<>();

  @SuppressWarnings("NullAway.Init")
  private VolumeFolders folders;

  @BeforeEach
  void anAgentWithBoth() throws IOException {
    folders = agent("n1", Optional.of(disk.resolve("local")), Optional.of(disk.resolve("shared")));
  }

  @Test
  void aVolumeIsAFolderThatOnlyTheAgentLooksIntoAndOutlivesIt() throws IOException {
    volume("data", "ReadWriteOnce", "64Ki", "n1", "shop");
    Path folder = folders.open(instance("shop"), "data").path();
    Files.writeString(folder.resolve("kept"), "kept");

    VolumeFolders next = agent("n1", Optional.of(disk.resolve("local")), Optional.empty());

    assertThat(next.open(instance("shop"), "data").path())
        .isEqualTo(folder)
        .isEqualTo(disk.resolve("local/ns/data-uid-of-data"));
    assertThat(folder.resolve("kept")).hasContent("kept");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(next.features()).containsExactly("volume:local");
    assertThat(folders.features()).containsExactly("volume:local", "volume:shared");
  }

  @Test
  void aVolumeOfOneAppIsForNoOtherAndOnNoOtherNode() throws IOException {
    volume("data", "ReadWriteOnce", "64Ki", "n1", "shop");

    assertFault("thief", "data", Reasons.VOLUME_IN_USE);
    volume("data", "ReadWriteOnce", "64Ki", "n2", "shop");
    assertFault("shop", "data", Reasons.VOLUME_IN_USE);
    volume("data", "ReadWriteOnce", "64Ki", null, null);
    assertFault("shop", "data", Reasons.VOLUME_IN_USE);
    volume("common", "ReadWriteMany", "64Ki", null, null);
    assertThat(folders.open(instance("shop"), "common").path())
        .isEqualTo(folders.open(instance("thief"), "common").path());
  }

  @Test
  void whatIsMissingOrNotOfferedHasItsReason() throws IOException {
    assertFault("shop", "nothing", Reasons.VOLUME_NOT_FOUND);
    volume("data", "ReadWriteOnce", "64Ki", "n1", "shop");
    folders = agent("n1", Optional.empty(), Optional.empty());

    assertFault("shop", "data", Reasons.VOLUMES_NOT_OFFERED);
  }

  @Test
  void aFullVolumeIsOpenedAgainOnceItIsLarger() throws IOException {
    volume("data", "ReadWriteOnce", "8Ki", "n1", "shop");
    Path folder = folders.open(instance("shop"), "data").path();
    Files.write(folder.resolve("large"), new byte[8193]);

    assertFault("shop", "data", Reasons.VOLUME_FULL);

    volume("data", "ReadWriteOnce", "16Ki", "n1", "shop");
    assertThat(folders.open(instance("shop"), "data").limitBytes()).isEqualTo(16 << 10);
  }

  @Test
  void removingAVolumeTouchesNothingThatItsGuestLinkedTo() throws IOException {
    volume("data", "ReadWriteOnce", "64Ki", "n1", "shop");
    volume("other", "ReadWriteOnce", "64Ki", "n1", "thief");
    Path folder = folders.open(instance("shop"), "data").path();
    Path other = folders.open(instance("thief"), "other").path();
    Path precious = Files.writeString(other.resolve("precious"), "precious");
    Files.createSymbolicLink(folder.resolve("to-folder"), other);
    Files.createSymbolicLink(folder.resolve("up"), Path.of("../.."));
    Files.createSymbolicLink(folder.resolve("proc"), Path.of("/proc/self/cwd"));
    Files.createLink(folder.resolve("hard"), precious);

    assertThat(folders.remove(volume("data"), volume -> false)).isTrue();

    assertThat(folder).doesNotExist();
    assertThat(precious).hasContent("precious");
    assertThat(Path.of("/proc/self/cwd")).exists();
    assertFault("shop", "data", Reasons.VOLUME_NOT_FOUND);
  }

  @Test
  void aVolumeInUseIsNotRemovedAndGoesOnBeingOpened() throws IOException {
    volume("data", "ReadWriteOnce", "64Ki", "n1", "shop");
    Path folder = folders.open(instance("shop"), "data").path();

    assertThat(folders.remove(volume("data"), volume -> true)).isFalse();

    assertThat(folders.open(instance("shop"), "data").path()).isEqualTo(folder);
  }

  @Test
  void whatStandsInAVolumesPlaceIsNotFollowed() throws IOException {
    volume("data", "ReadWriteOnce", "64Ki", "n1", "shop");
    Files.createDirectories(disk.resolve("local/ns"));
    Files.createSymbolicLink(disk.resolve("local/ns/data-uid-of-data"), Path.of("/tmp"));

    assertThatThrownBy(() -> folders.open(instance("shop"), "data"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a folder, found a file or a link");
    assertThat(folders.remove(volume("data"), volume -> false)).isTrue();
    assertThat(Path.of("/tmp")).exists();
  }

  @Test
  void anAgentThatCannotWriteToItsFolderDoesNotStart() throws IOException {
    Path file = Files.writeString(disk.resolve("file"), "");

    assertThatThrownBy(() -> agent("n1", Optional.of(file), Optional.empty()))
        .isInstanceOf(IOException.class);
  }

  private void assertFault(String app, String claim, String reason) {
    assertThatThrownBy(() -> folders.open(instance(app), claim))
        .isInstanceOfSatisfying(
            ConfigException.class, fault -> assertThat(fault.reason()).isEqualTo(reason));
  }

  private VolumeFolders agent(String node, Optional<Path> local, Optional<Path> shared)
      throws IOException {
    return new VolumeFolders(node, local, shared, (namespace, name) -> volumes.get(name));
  }

  private WasmVolume volume(String name) {
    return Objects.requireNonNull(volumes.get(name));
  }

  private void volume(
      String name, String mode, String size, @Nullable String node, @Nullable String app) {
    WasmVolume volume =
        Serialization.unmarshal(
            """
            apiVersion: dunlin.dev/v1alpha1
            kind: WasmVolume
            metadata: {name: %s, namespace: ns, uid: uid-of-%s}
            spec: {accessMode: %s, size: %s}
            status: {nodeName: %s, usedBy: %s}
            """
                .formatted(name, name, mode, size, node, app),
            WasmVolume.class);
    volume.getMetadata().setFinalizers(List.of(Api.VOLUME_FINALIZER));
    volumes.put(name, volume);
  }

  private static WasmInstance instance(String app) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmInstance
        metadata: {name: %s-1, namespace: ns, uid: u-%s}
        spec: {appName: %s, revision: r, nodeName: n1, image: x}
        """
            .formatted(app, app, app),
        WasmInstance.class);
  }
}
