package dev.dunlin.e2e.house;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.https.Identity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** Asks an operator's aggregated API past the API server, and says who asks. */
final class Aggregated implements AutoCloseable {
  private final HttpClient client;
  private final int port;

  private Aggregated(KeyManager[] keys, int port) throws GeneralSecurityException {
    this.client = HttpClient.newBuilder().sslContext(AnyServer.context(keys)).build();
    this.port = port;
  }

  static Aggregated withoutCertificate(int port) throws GeneralSecurityException {
    return new Aggregated(new KeyManager[0], port);
  }

  /** With what the API server itself shows. */
  static Aggregated asFrontProxy(ControlPlane controlPlane, int port)
      throws GeneralSecurityException, IOException {
    var identity =
        Identity.parse(
            Files.readString(controlPlane.frontProxyCertificate()),
            Files.readString(controlPlane.frontProxyKey()));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "proxy", identity.key(), new char[0], new Certificate[] {identity.certificate()});
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return new Aggregated(keys.getKeyManagers(), port);
  }

  HttpResponse<String> get(String path, String user) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .header("X-Remote-User", user)
            .header("X-Remote-Group", "system:authenticated")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
