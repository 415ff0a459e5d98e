package dev.dunlin.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.testing.Artifacts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers to HEAD that no decent server gives, written byte by byte. */
class OddHeadTest {
  private static final byte[] MANIFEST = Artifacts.cncf(Modules.module(100)).manifest();
  private static final Digest DIGEST = Digest.of(MANIFEST);

  private ServerSocket server;
  private RegistryClient client;
  private volatile String headAnswer = "";

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    client =
        new RegistryClient(
            RegistryConfig.defaults()
                .withPlainHttp(address())
                .withTimeouts(RegistryTest.quick(java.time.Duration.ofSeconds(5))));
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void aDigestInCapitalsIsNoneAndTheBodyTells() {
    headAnswer = head(DIGEST.toString().toUpperCase(Locale.ROOT));
    assertThat(resolve(":v1")).isEqualTo(DIGEST);
    assertThat(resolve("@" + DIGEST)).isEqualTo(DIGEST);

    headAnswer = head("sha256:" + DIGEST.hex().toUpperCase(Locale.ROOT));
    assertThat(resolve(":v1")).isEqualTo(DIGEST);
    assertThat(resolve("@" + DIGEST)).isEqualTo(DIGEST);
  }

  @Test
  void aBodyAfterHeadIsNotTakenForTheNextAnswer() {
    Digest forged = Digest.of(new byte[] {1});
    headAnswer = head(DIGEST.toString()) + head(forged.toString());

    for (int i = 0; i < 5; i++) {
      assertThat(resolve(":v1")).isEqualTo(DIGEST);
    }
  }

  private Digest resolve(String which) {
    return client.resolve(ImageReference.parse(address() + "/app" + which), Keychain.EMPTY);
  }

  private String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private static String head(String digest) {
    return "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nDocker-Content-Digest: %s\r\n\r\n"
        .formatted(MANIFEST.length, digest);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed: the test is over.
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        boolean head = line.startsWith("HEAD ");
        while (line != null && !line.isEmpty()) {
          line = in.readLine();
        }
        String answer =
            head
                ? headAnswer
                : "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(
                        Artifacts.OCI_MANIFEST, MANIFEST.length, new String(MANIFEST, ISO_8859_1));
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // The client closed a connection that it no longer trusts.
      return;
    }
  }
}
