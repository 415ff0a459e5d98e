package dev.dunlin.oci;

import static dev.dunlin.oci.Modules.module;
import static dev.dunlin.oci.testing.Artifacts.TAR;
import static dev.dunlin.oci.testing.Artifacts.TAR_GZIP;
import static dev.dunlin.oci.testing.Artifacts.gzip;
import static dev.dunlin.oci.testing.Artifacts.imageConfig;
import static dev.dunlin.oci.testing.Artifacts.rootfs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.Artifacts.Layer;
import dev.dunlin.oci.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompatImageTest extends RegistryTest {
  private static final byte[] WASM = module(3000);
  private static final byte[] OLD = module(2000);
  private static final String CONFIG = imageConfig("wasi", "wasm", "[\"/app/main.wasm\"]");

  @Test
  void theLastLayerThatHasTheFileCounts() {
    pull(
        image(
            tar(t -> t.folder("app/").file("app/main.wasm", OLD)),
            tar(t -> t.file("./app/main.wasm", WASM)),
            tar(t -> t.file("other", new byte[10]))));

    assertThat(target()).hasBinaryContent(WASM);
  }

  @Test
  void aFileMayComeBackAfterAWhiteout() {
    pull(
        image(
            tar(t -> t.file("app/main.wasm", OLD)),
            tar(t -> t.file("app/.wh.main.wasm", new byte[0])),
            tar(t -> t.file("/app/main.wasm", WASM))));

    assertThat(target()).hasBinaryContent(WASM);
  }

  @Test
  void aWhiteoutHidesWhatIsBelowItsLayerOnly() {
    pull(
        image(
            tar(t -> t.file("app/main.wasm", OLD)),
            tar(t ->
                t.file("app/main.wasm", WASM)
                    .file("app/.wh..wh..opq", new byte[0])
                    .file(".wh.app", new byte[0]))));

    assertThat(target()).hasBinaryContent(WASM);
  }

  @Test
  void linksBesideTheModuleAreNobodysConcern() {
    pull(
        image(
            tar(t ->
                t.symlink("bin/sh", "/etc/passwd")
                    .hardlink("x", "../../etc/passwd")
                    .file("app/main.wasm", WASM))));

    assertThat(target()).hasBinaryContent(WASM);
  }

  @Test
  void aRelativeEntryPointStartsInTheWorkingFolder() {
    String config =
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Cmd\":[\"main.wasm\",\"arg\"],\"WorkingDir\":\"/app\"}}";

    pull(rootfs(config, new Layer(TAR, tar(t -> t.file("app/main.wasm", WASM)))));

    assertThat(target()).hasBinaryContent(WASM);
  }

  @Test
  void anAnnotatedImageNeedsNoTellingName() {
    Artifact plain =
        rootfs(
            imageConfig("linux", "amd64", "[\"/app\"]"),
            new Layer(TAR, tar(t -> t.file("app", WASM))));
    String annotated =
        new String(plain.manifest(), StandardCharsets.UTF_8)
            .replaceFirst(
                "}$", ",\"annotations\":{\"module.wasm.image/variant\":\"compat-smart\"}}");

    pull(
        new Artifact(
            plain.mediaType(),
            annotated.getBytes(StandardCharsets.UTF_8),
            plain.blobs(),
            plain.children()));

    assertThat(target()).hasBinaryContent(WASM);
  }

  static Stream<Arguments> refusedImages() {
    return Stream.of(
        Arguments.of(
            image(tar(t -> t.file("../app/main.wasm", WASM))),
            "expected a path inside the image, found '../app/main.wasm' with '..'"),
        Arguments.of(
            image(tar(t -> t.file("app/main.wasm", WASM).file("a/../../etc/cron.d/x", WASM))),
            "found 'a/../../etc/cron.d/x' with '..'"),
        Arguments.of(
            image(tar(t -> t.symlink("app/main.wasm", "/etc/shadow"))),
            "found 'app/main.wasm' to be a link to '/etc/shadow'; links are not followed"),
        Arguments.of(
            image(tar(t -> t.hardlink("app/main.wasm", "other.wasm"))),
            "to be a link to 'other.wasm'; links are not followed"),
        Arguments.of(
            image(tar(t -> t.file("app/main.wasm", OLD)), tar(t -> t.symlink("app", "/etc"))),
            "found 'app' to be a link to '/etc'"),
        Arguments.of(
            image(tar(t -> t.file("app/main.wasm", OLD)), tar(t -> t.file("app", OLD))),
            "found 'app' to be a file"),
        Arguments.of(
            image(tar(t -> t.folder("app/main.wasm/"))), "at '/app/main.wasm', found a folder"),
        Arguments.of(
            image(tar(t -> t.entry('3', "app/main.wasm", "", new byte[0]))),
            "to be neither file nor folder"),
        Arguments.of(
            image(
                tar(t -> t.file("app/main.wasm", OLD)),
                tar(t -> t.file("app/.wh.main.wasm", new byte[0]))),
            "found it removed by a later layer"),
        Arguments.of(
            image(
                tar(t -> t.file("app/main.wasm", OLD)),
                tar(t -> t.file("app/.wh..wh..opq", new byte[0]))),
            "found it removed by a later layer"),
        Arguments.of(
            image(tar(t -> t.file("app/main.wasm", OLD)), tar(t -> t.file(".wh.app", new byte[0]))),
            "found it removed by a later layer"),
        Arguments.of(
            image(tar(t -> t.file("app/other.wasm", WASM))),
            "expected the module at '/app/main.wasm', found nothing there in any layer"),
        Arguments.of(
            image(
                tar(t -> t.file("app/main.wasm", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)))),
            "expected a WebAssembly module at '/app/main.wasm', found a file that begins '#!/b'"),
        Arguments.of(image(new byte[] {1, 2, 3}), "tar: cut off within a header"),
        Arguments.of(image(filled(1024)), "tar: expected an octal number, found 'xxxxxxxx'"),
        Arguments.of(
            image(Arrays.copyOf(tar(t -> t.file("app/main.wasm", WASM)), 2000)),
            "tar: cut off within a file"),
        Arguments.of(
            rootfs(CONFIG, new Layer(TAR_GZIP, new byte[] {1, 2, 3, 4})),
            "expected layer " + Digest.of(new byte[] {1, 2, 3, 4}) + " to be a tar, gzipped"),
        Arguments.of(
            rootfs("{}", new Layer(TAR, new byte[1024])),
            "expected an Entrypoint or Cmd that names the module, found neither"),
        Arguments.of(
            rootfs("<html>", new Layer(TAR, new byte[1024])),
            "expected an image configuration in JSON, found '<html>'"),
        Arguments.of(
            rootfs(
                imageConfig("wasi", "wasm", "[\"/../../etc/shadow\"]"),
                new Layer(TAR, new byte[1024])),
            "found '/../../etc/shadow' with '..'"),
        Arguments.of(
            rootfs(CONFIG, new Layer("application/vnd.oci.image.layer.v1.tar+zstd", new byte[9])),
            "found layers [application/vnd.oci.image.layer.v1.tar+zstd]"));
  }

  @ParameterizedTest
  @MethodSource("refusedImages")
  void refusedAndNothingIsLeft(Artifact image, String message) {
    var refused = refused(Kind.INVALID, () -> pull(image));

    assertThat(refused).hasMessageContaining(message);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aDecompressionBombIsCapped() {
    reconfigure(config().withLimits(new RegistryLimits(1 << 20, 2 << 20)));
    byte[] bomb = gzip(tar(t -> t.file("big", new byte[8 << 20]).file("app/main.wasm", WASM)));

    var refused = refused(Kind.TOO_LARGE, () -> pull(rootfs(CONFIG, new Layer(TAR_GZIP, bomb))));

    assertThat(refused)
        .hasMessageContaining("the layers, unpacked,")
        .hasMessageContaining("expected at most 2097152 bytes, found more");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aModuleOverTheLimitIsRefusedInItsLayer() {
    reconfigure(config().withLimits(new RegistryLimits(1 << 20, 64 << 20)));
    byte[] large = gzip(tar(t -> t.file("app/main.wasm", new byte[2 << 20])));

    var refused = refused(Kind.TOO_LARGE, () -> pull(rootfs(CONFIG, new Layer(TAR_GZIP, large))));

    assertThat(refused).hasMessageContaining("the module in it");
    assertThat(folder).isEmptyDirectory();
  }

  private void pull(Artifact image) {
    Digest digest = registry.push("demo/image:v1", image);
    client.fetch(
        registry.reference("demo/image@" + digest), Keychain.EMPTY, target(), Progress.NONE);
  }

  private static Artifact image(byte[]... layers) {
    return rootfs(
        CONFIG, Stream.of(layers).map(l -> new Layer(Artifacts.TAR, l)).toArray(Layer[]::new));
  }

  private static byte[] tar(UnaryOperator<TarBuilder> content) {
    return content.apply(new TarBuilder()).build();
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }
}
