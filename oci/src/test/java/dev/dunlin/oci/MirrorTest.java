package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirrorTest extends RegistryTest {
  private InMemoryRegistry first;
  private InMemoryRegistry second;

  @BeforeEach
  void startMirrors() {
    first = InMemoryRegistry.start();
    second = InMemoryRegistry.start();
    reconfigure(
        config()
            .withPlainHttp(first.address())
            .withPlainHttp(second.address())
            .withMirror(registry.address(), first.address())
            .withMirror(registry.address(), second.address()));
  }

  @AfterEach
  void stopMirrors() {
    first.close();
    second.close();
  }

  @Test
  void theFirstMirrorThatHasItAnswers() {
    second.pushModule("demo/app:v1", MODULE);

    client.resolve(tag(), Keychain.EMPTY);
    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(first.requests()).isNotEmpty();
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void withoutMirrorsTheOriginAnswers() {
    first.close();
    second.requireBasic("nobody", "here");

    client.resolve(tag(), Keychain.EMPTY);
    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void aMirrorWithWrongBytesIsPassedOver() {
    first.pushModule("demo/app:v1", MODULE);
    first.faults().wrongBytes("/blobs/", Integer.MAX_VALUE);

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(registry.count("GET", "/blobs/")).isEqualTo(1);
  }

  @Test
  void aMirrorThatBreaksOffIsContinuedElsewhere() {
    first.pushModule("demo/app:v1", MODULE);
    first.faults().cut("/blobs/", 100_000, Integer.MAX_VALUE);
    first.faults().noRange("/blobs/");

    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(registry.requests().getLast().range()).startsWith("bytes=");
  }

  @Test
  void eachPlaceGetsItsOwnCredentials() {
    registry.requireBasic("origin", "secret");
    first.requireBasic("mirror", "other");
    first.pushModule("demo/app:v1", MODULE);
    Keychain both =
        Keychain.ofDockerConfigs(
            List.of(
                "{\"auths\":{\"%s\":{\"username\":\"origin\",\"password\":\"secret\"},\"%s\":{\"username\":\"mirror\",\"password\":\"other\"}}}"
                    .formatted(registry.address(), first.address())));

    assertThat(client.resolve(tag(), both)).isEqualTo(pushed);

    assertThat(registry.requests()).isEmpty();
    assertThat(client.presented(tag(), both))
        .containsExactly(new Credentials("mirror", "other"), new Credentials("origin", "secret"));
  }

  @Test
  void whenNobodyHasItTheOriginsWordComesFirst() {
    first.close();

    var refused =
        refused(
            Kind.NOT_FOUND,
            () -> client.resolve(registry.reference("demo/app:v9"), Keychain.EMPTY));

    assertThat(refused)
        .hasMessageStartingWith("tag 'v9' of http://" + registry.address())
        .hasMessageContaining("before that a mirror: tag 'v9' of http://" + first.address());
  }
}
