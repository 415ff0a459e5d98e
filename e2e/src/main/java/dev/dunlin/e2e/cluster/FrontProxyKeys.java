package dev.dunlin.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * With what API servers show aggregated ones that it is they who ask: an authority and a client's
 * certificate of it, made with the JDK's keytool once for all API servers of this JVM.
 *
 * @param authority the same as PEM, as the next two
 */
record FrontProxyKeys(String authority, String certificate, String key) {
  static final String NAME = "front-proxy-client";
  static final String AUTHORITY = "front-proxy-ca.crt";
  static final String CERTIFICATE = "front-proxy-client.crt";
  static final String KEY = "front-proxy-client.key";

  private static final String PASSWORD = "changeit";

  private static final class Holder {
    private static final FrontProxyKeys KEYS = make();
  }

  static FrontProxyKeys shared() {
    return Holder.KEYS;
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(AUTHORITY), authority);
    Files.writeString(folder.resolve(CERTIFICATE), certificate);
    Files.writeString(folder.resolve(KEY), key);
  }

  private static FrontProxyKeys make() {
    try {
      Path folder = Files.createTempDirectory("dunlin-front-proxy-");
      try {
        Path store = folder.resolve("keys.p12");
        keytool(store, "ca", "-dname", "CN=front-proxy-ca", "-ext", "bc:c");
        keytool(store, NAME, "-dname", "CN=" + NAME, "-ext", "eku=clientAuth", "-signer", "ca");
        return read(store);
      } finally {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FrontProxyKeys read(Path store) throws IOException {
    try {
      var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      Certificate authority = keys.getCertificate("ca");
      Certificate certificate = keys.getCertificate(NAME);
      Key key = keys.getKey(NAME, PASSWORD.toCharArray());
      return new FrontProxyKeys(
          pem("CERTIFICATE", authority.getEncoded()),
          pem("CERTIFICATE", certificate.getEncoded()),
          pem("PRIVATE KEY", key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("keytool wrote what this JDK cannot read", e);
    }
  }

  private static void keytool(Path store, String alias, String... more) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString(),
                "-alias",
                alias));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) throw new IllegalStateException("keytool: " + said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during keytool", e);
    }
  }

  private static String pem(String type, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
  }
}
