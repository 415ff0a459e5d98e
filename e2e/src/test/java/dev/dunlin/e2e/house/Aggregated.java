package dev.dunlin.e2e.house;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.https.Identity;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks an operator's aggregated API past the API server, and says who asks. */
final class Aggregated implements AutoCloseable {
  private final HttpClient client;
  private final int port;

  private Aggregated(KeyManager[] keys, int port) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anybody()}, new SecureRandom());
    this.client = HttpClient.newBuilder().sslContext(context).build();
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

  /** Takes any server for the one it wants. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
