package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.house.NativeEngine;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What peers' tools push runs as it is, or says which import is missing. */
@InSharedHouse
class PeerArtifactTest {

  @BeforeAll
  static void thereIsANativeEngine() {
    NativeEngine.assume();
  }

  static Stream<Arguments> thoseThatRun() {
    byte[] component = Modules.example("http-rust");
    byte[] command = Modules.example("hello-c");
    return Stream.of(
        Arguments.of("spin", Artifacts.spin(component)),
        Arguments.of(
            "wasmcloud",
            Artifacts.cncf(
                List.of("wasi:http/types@0.2.2", "wasi:io/streams@0.2.2"),
                List.of("wasi:http/incoming-handler@0.2.2"),
                component)),
        Arguments.of("wkg", Artifacts.wkg(component)),
        Arguments.of("runwasi", Artifacts.runwasi(component)),
        Arguments.of("runwasi-command", Artifacts.runwasi(command)),
        Arguments.of("compat", Artifacts.compat(command)));
  }

  @ParameterizedTest
  @MethodSource
  void thoseThatRun(String name, Artifact artifact, Apps apps) {
    App app = apps.apply(name, pushed(apps, name, artifact)).awaitReady(1);

    awaitAsserted(() ->
        assertThat(App.answers(app.service(), "/?name=Ada"))
            .singleElement()
            .asString()
            .contains("Ada"));
  }

  static Stream<Arguments> thoseThatCannot() {
    return Stream.of(
        Arguments.of(
            "spin-with-storage",
            Artifacts.spin(importing("fermyon:spin/key-value@2.0.0")),
            Reasons.MISSING_IMPORT,
            "fermyon:spin/key-value@2.0.0"),
        Arguments.of(
            "wasmcloud-with-a-broker",
            Artifacts.cncf(
                List.of("wasmcloud:messaging/consumer@0.2.0"),
                List.of(),
                importing("wasmcloud:messaging/consumer@0.2.0")),
            Reasons.MISSING_IMPORT,
            "wasmcloud:messaging/consumer@0.2.0"),
        Arguments.of(
            "command-of-a-browser",
            Artifacts.runwasi(Modules.guest("imports-unknown")),
            Reasons.MISSING_IMPORT,
            "env.emscripten_sleep"),
        Arguments.of(
            "spin-of-two",
            Artifacts.spin(Modules.example("http-rust"), Modules.example("hello-c")),
            Reasons.IMAGE_INVALID,
            "a Spin application of one component, found 2"));
  }

  @ParameterizedTest
  @MethodSource
  void thoseThatCannot(String name, Artifact artifact, String reason, String why, Apps apps) {
    App app = apps.apply(name, pushed(apps, name, artifact));

    app.awaitCondition("Ready", "False", reason);
    assertThat(app.told("Ready")).contains(why);
    awaitAsserted(() -> assertThat(app.events()).contains(reason));
  }

  private static String pushed(Apps apps, String name, Artifact artifact) {
    var registry = apps.house().registry();
    registry.push("peers/" + name + ":1", artifact);
    return "image: \"" + registry.address() + "/peers/" + name + ":1\"";
  }

  /** A component that imports an instance of that name, and nothing else (Binary.md). */
  private static byte[] importing(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    var component = new ByteArrayOutputStream();
    component.writeBytes(HexFormat.of().parseHex("0061736d0d000100" + "0703014200"));
    component.writeBytes(new byte[] {0x0a, (byte) (text.length + 5), 1, 0, (byte) text.length});
    component.writeBytes(text);
    component.writeBytes(new byte[] {5, 0});
    return component.toByteArray();
  }
}
