package dev.dunlin.https;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS with certificates that nobody else has signed. */
public final class Tls {
  private Tls() {}

  /**
   * For a server: each new connection is shown what {@code identity} is then. A client may show any
   * certificate, which proves no more than that it has its key: whoever takes requests must look at
   * it (a handshake that fails could not tell the client why).
   */
  static SSLContext server(Supplier<Identity> identity) {
    return context(new Present(identity), new AnyClient());
  }

  /** For a client of the one server that has the certificate with this SHA-256. */
  public static SSLContext pinned(String fingerprint) {
    return context(null, new Pinned(fingerprint));
  }

  /** For a client of several servers, each of them known by its own certificate. */
  public static SSLContext pinned(Pins pins) {
    return context(null, new PinnedEach(pins));
  }

  /** Which certificate the server at an address has. */
  public interface Pins {
    /** Its SHA-256; empty where nobody is to be spoken to. */
    Optional<String> fingerprint(String host, int port);
  }

  private static SSLContext context(@Nullable KeyManager keys, TrustManager trust) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys == null ? null : new KeyManager[] {keys}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  private static final class Present extends X509ExtendedKeyManager {
    private final Supplier<Identity> identity;

    /**
     * By fingerprint, which is their alias: a handshake asks for the certificate and for its key,
     * and they must go together. There is one more with each change, which is seldom.
     */
    private final Map<String, Identity> shown = new ConcurrentHashMap<>();

    Present(Supplier<Identity> identity) {
      this.identity = identity;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      if (!keyType.startsWith("EC")) {
        return null;
      }
      var now = identity.get();
      shown.put(now.fingerprint(), now);
      return now.fingerprint();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      @Nullable Identity its = shown.get(alias);
      return its == null ? null : its.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      @Nullable Identity its = shown.get(alias);
      return its == null ? null : new X509Certificate[] {its.certificate()};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return shown.keySet().toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }

  private abstract static class Either extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static final class AnyClient extends Either {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this side is a server");
    }
  }

  private static final class Pinned extends Either {
    private final String fingerprint;

    Pinned(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this side is a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      require(fingerprint, chain[0]);
    }
  }

  private static final class PinnedEach extends Either {
    private final Pins pins;

    PinnedEach(Pins pins) {
      this.pins = pins;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this side is a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("the server's address is not known");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain[0], socket.getInetAddress().getHostAddress(), socket.getPort());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain[0], engine.getPeerHost(), engine.getPeerPort());
    }

    private void check(X509Certificate certificate, @Nullable String host, int port)
        throws CertificateException {
      Optional<String> expected = host == null ? Optional.empty() : pins.fingerprint(host, port);
      if (expected.isEmpty())
        throw new CertificateException("no certificate is known of %s:%d".formatted(host, port));
      require(expected.get(), certificate);
    }
  }

  private static void require(String fingerprint, X509Certificate certificate)
      throws CertificateException {
    String found = Identity.fingerprint(certificate);
    if (!found.equals(fingerprint)) {
      throw new CertificateException(
          "expected the certificate with SHA-256 %s, found %s".formatted(fingerprint, found));
    }
  }
}
