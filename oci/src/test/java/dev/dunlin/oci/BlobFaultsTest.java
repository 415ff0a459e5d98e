package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.InMemoryRegistry.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlobFaultsTest extends RegistryTest {
  @Test
  void aCutConnectionIsTakenUpWhereItEnded() {
    registry.faults().cut("/blobs/", 100_000, 2);

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    var starts = starts();
    assertThat(starts).hasSize(3).startsWith(0L).isSorted();
    assertThat(starts.get(1)).isBetween(1L, 100_000L);
    assertThat(starts.get(2)).isBetween(starts.get(1) + 1, starts.get(1) + 100_000);
  }

  @Test
  void aRegistryWithoutRangeIsReadFromTheStart() {
    registry.faults().cut("/blobs/", 100_000, 1).noRange("/blobs/");

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(starts()).hasSize(2).startsWith(0L);
    assertThat(starts().getLast()).isBetween(1L, 100_000L);
  }

  @Test
  void theNextFetchGoesOnWhereTheLastOneFailed() throws Exception {
    reconfigure(config().withTimeouts(quick(Duration.ZERO)));
    registry.faults().cut("/blobs/", 100_000, 1);
    refused(Kind.UNAVAILABLE, this::fetch);
    assertThat(target()).doesNotExist();
    long kept = Files.size(partFile());

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(kept).isBetween(1L, 100_000L);
    assertThat(starts()).containsExactly(0L, kept);
  }

  @Test
  void aDamagedRestIsThrownAwayOnce() throws Exception {
    Files.write(partFile(), new byte[5000]);

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(blobRanges()).containsExactly("bytes=5000-", null);
  }

  @Test
  void aRestThatIsTooLongIsThrownAway() throws Exception {
    Files.write(partFile(), new byte[MODULE.length + 1]);

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void wrongBytesNeverReachTheTarget() {
    registry.faults().wrongBytes("/blobs/", 1);

    var refused = refused(Kind.DIGEST_MISMATCH, this::fetch);

    assertThat(refused)
        .hasMessageContaining("expected 300000 bytes of that digest, found bytes of");
    assertThat(refused.isTransient()).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTruncatedBlobIsAMismatch() {
    registry.faults().truncated("/blobs/", 1000);

    var refused = refused(Kind.DIGEST_MISMATCH, this::fetch);

    assertThat(refused).hasMessageContaining("expected 300000 bytes of that digest, found 1000");
    assertThat(target()).doesNotExist();
  }

  @Test
  void aBlobThatIsGoneIsNotFound() {
    registry.faults().status("/blobs/", 404, 1);

    var refused = refused(Kind.NOT_FOUND, this::fetch);

    assertThat(refused).hasMessageContaining("blob 'sha256:");
  }

  @Test
  void passingFaultsAreWaitedOut() {
    registry.faults().status("/blobs/", 500, 2).tooManyRequests("/blobs/", 0, 1);

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void aRegistryThatFallsSilentIsAskedAgain() {
    reconfigure(
        config().withTimeouts(quick(Duration.ofSeconds(20)).withSilence(Duration.ofMillis(300))));
    registry.faults().slow("/blobs/", 100_000, Duration.ofSeconds(30), 1);

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(blobRanges()).containsExactly(null, "bytes=100000-");
  }

  @Test
  void aLayerOfFiveGigabytesIsRefusedByItsDescriptor() {
    String manifest =
        ("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.wasm.config.v0+json\",\"digest\":\"%s\",\"size\":2},"
                + "\"layers\":[{\"mediaType\":\"application/wasm\",\"digest\":\"%s\",\"size\":5368709120}]}")
            .formatted(Digest.of(new byte[1]), Digest.of(new byte[2]));
    Digest large =
        registry.push(
            "demo/large:v1",
            new dev.dunlin.oci.testing.Artifact(
                Artifacts.OCI_MANIFEST,
                manifest.getBytes(StandardCharsets.UTF_8),
                List.of(),
                List.of()));

    var refused =
        refused(
            Kind.TOO_LARGE,
            () ->
                client.fetch(
                    registry.reference("demo/large@" + large),
                    Keychain.EMPTY,
                    target(),
                    Progress.NONE));

    assertThat(refused)
        .hasMessageContaining("expected at most 536870912 bytes, found a descriptor of 5368709120");
    assertThat(registry.count("GET", "/blobs/")).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anInterruptEndsAFetch() throws Exception {
    registry.faults().slow("/blobs/", 100_000, Duration.ofMinutes(1), 1);
    var ended = new CompletableFuture<Throwable>();
    Thread fetching =
        Thread.ofVirtual()
            .start(() -> {
              try {
                fetch();
              } catch (Throwable e) {
                ended.complete(e);
              }
            });
    await().until(() -> registry.count("GET", "/blobs/") == 1);

    fetching.interrupt();

    assertThat(ended.get()).isInstanceOf(CancellationException.class);
    assertThat(target()).doesNotExist();
  }

  @Test
  void progressIsHeardFromNothingToAll() {
    var heard = new ArrayList<Long>();

    client.fetch(
        byDigest(),
        Keychain.EMPTY,
        target(),
        (blob, received, total) -> {
          assertThat(total).isEqualTo(MODULE.length);
          assertThat(blob).isEqualTo(Digest.of(MODULE));
          heard.add(received);
        });

    assertThat(heard).startsWith(0L).endsWith((long) MODULE.length).isSorted();
  }

  @Test
  void aTagIsNotFetched() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.fetch(tag(), Keychain.EMPTY, target(), Progress.NONE))
        .withMessageContaining("expected a reference by digest");
  }

  @Test
  void nothingButTheModuleIsLeft() throws Exception {
    registry.faults().cut("/blobs/", 100_000, 1);

    fetch();

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(target());
    }
  }

  private Path partFile() {
    return folder.resolve("module.wasm." + Digest.of(MODULE).hex().substring(0, 16) + ".part");
  }

  /**
   * Where each request for a blob began. A connection that breaks off may take along bytes that the
   * HTTP client had and nobody had read, so what a cut leaves is at most what was sent.
   */
  private List<Long> starts() {
    return blobRanges().stream()
        .map(range -> range == null ? 0L : Long.parseLong(range.replaceAll("[^0-9]", "")))
        .toList();
  }

  private List<String> blobRanges() {
    var ranges = new ArrayList<String>();
    for (Request request : registry.requests()) {
      if (request.path().contains("/blobs/")) {
        ranges.add(request.range());
      }
    }
    return ranges;
  }
}
