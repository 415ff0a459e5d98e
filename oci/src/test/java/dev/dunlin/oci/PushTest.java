package dev.dunlin.oci;

import static dev.dunlin.oci.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PushTest extends RegistryTest {
  /** More than a piece, and less than two. */
  private static final byte[] LARGE = module(5 << 20);

  static ModuleArtifact component(byte[] wasm) {
    return new ModuleArtifact(
        wasm,
        "wasip2",
        true,
        List.of("wasi:http/types@0.2.0"),
        List.of("wasi:http/incoming-handler@0.2.0"),
        Map.of("org.opencontainers.image.title", "app.wasm"),
        Instant.EPOCH);
  }

  private ImageReference image() {
    return registry.reference("demo/new:v2");
  }

  private Digest push(Keychain keychain) {
    return client.push(image(), keychain, component(LARGE), Progress.NONE);
  }

  @Test
  void whatTheRepositoryHasIsNotSentAgain() {
    Digest first = push(Keychain.EMPTY);
    registry.forgetRequests();

    Digest second = push(Keychain.EMPTY);

    assertThat(second).isEqualTo(first);
    assertThat(registry.count("POST", "/")).isZero();
    assertThat(registry.count("PUT", "/manifests/v2")).isEqualTo(1);
  }

  @Test
  void aRegistryThatFindsItTooLargeIsSentPieces() {
    registry.faults().status("PUT /v2/demo/new/blobs/uploads/", 413, 1);

    Digest pushed = push(Keychain.EMPTY);
    client.fetch(image().withDigest(pushed), Keychain.EMPTY, target(), Progress.NONE);

    assertThat(target()).hasBinaryContent(LARGE);
    assertThat(registry.count("PATCH", "/blobs/uploads/")).isEqualTo(2);
  }

  @Test
  void aRegistryThatFailsIsAskedAgain() {
    registry.faults().status("POST /v2/demo/new/blobs/uploads/", 503, 2);

    Digest pushed = push(Keychain.EMPTY);

    assertThat(client.resolve(image(), Keychain.EMPTY)).isEqualTo(pushed);
  }

  @Test
  void aTokenToPullIsChangedForOneToPush() {
    registry.requireToken("bob", "secret");

    Digest pushed = push(keychain("bob", "secret"));

    assertThat(client.resolve(image(), keychain("bob", "secret"))).isEqualTo(pushed);
    assertThat(registry.count("GET", "/token")).isEqualTo(1);
  }

  @Test
  void whoMayNotPushIsToldAsWhomHeTried() {
    registry.faults().status("POST /v2/demo/new/blobs/uploads/", 403, 1);

    var refused = refused(Kind.UNAUTHORIZED, () -> push(Keychain.EMPTY));

    assertThat(refused)
        .hasMessageContaining("push of upload of blob")
        .hasMessageContaining("answered 403; no credentials for it were found");
  }

  @Test
  void credentialsStayWithTheRegistryWhereAnotherHostStoresIt() {
    registry.requireBasic("bob", "secret");
    try (var storage = InMemoryRegistry.start()) {
      // As the Location of an upload names it.
      registry.faults().redirect("PUT /v2/demo/new/blobs/uploads/", storage.url());

      refused(Kind.NOT_FOUND, () -> push(keychain("bob", "secret")));

      assertThat(storage.requests()).hasSize(1).noneMatch(InMemoryRegistry.Request::authorized);
    }
  }

  @Test
  void itTellsHowFarItIs() {
    var told = new ArrayList<Long>();

    client.push(
        image(),
        Keychain.EMPTY,
        component(LARGE),
        (blob, sent, total) -> {
          if (total == LARGE.length) {
            told.add(sent);
          }
        });

    assertThat(told).isSorted().endsWith((long) LARGE.length).hasSizeGreaterThan(2);
  }

  @Test
  void aDigestIsNoNameToPushTo() {
    assertThatThrownBy(() ->
            client.push(
                image().withDigest(pushed), Keychain.EMPTY, component(LARGE), Progress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("push: expected a reference by tag");
  }
}
