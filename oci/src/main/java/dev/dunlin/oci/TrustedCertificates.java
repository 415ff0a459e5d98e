package dev.dunlin.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom TLS believes. */
final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * Believes the system's certificates and those in {@code pemFile}.
   *
   * @throws IllegalArgumentException when the file cannot be read or holds no certificate
   */
  static SSLContext withSystem(Path pemFile) {
    try {
      List<Certificate> trusted = new ArrayList<>(read(pemFile));
      trusted.addAll(system());
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry("trusted-" + i, trusted.get(i));
      }
      var context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(store), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "registry CA file %s: expected PEM certificates, found: %s"
              .formatted(pemFile, e.getMessage()),
          e);
    }
  }

  private static List<? extends Certificate> read(Path pemFile)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(pemFile)) {
      var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("no certificate");
      }
      return List.copyOf(found);
    }
  }

  private static List<X509Certificate> system() throws GeneralSecurityException {
    var certificates = new ArrayList<X509Certificate>();
    for (TrustManager manager : trustManagers(null)) {
      if (manager instanceof X509TrustManager x509) {
        certificates.addAll(Arrays.asList(x509.getAcceptedIssuers()));
      }
    }
    return certificates;
  }

  private static TrustManager[] trustManagers(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
