package dev.dunlin.oci.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A CA and a certificate of it for 127.0.0.1 and localhost, made on the spot (RFC 5280, written as
 * DER by hand: the JDK has no public way to make one).
 */
final class TestCertificates {
  private static final byte[] ECDSA_SHA256 =
      Der.sequence(Der.oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  private static final char[] PASSWORD = "test".toCharArray();

  private final X509Certificate ca;
  private final X509Certificate server;
  private final PrivateKey serverKey;

  private TestCertificates(X509Certificate ca, X509Certificate server, PrivateKey serverKey) {
    this.ca = ca;
    this.server = server;
    this.serverKey = serverKey;
  }

  static TestCertificates forLoopback() {
    try {
      KeyPair caKeys = newKeys();
      KeyPair serverKeys = newKeys();
      byte[] isCa =
          extension(Der.oid(0x55, 0x1d, 0x13), Der.sequence(Der.value(0x01, new byte[] {-1})));
      byte[] names =
          extension(
              Der.oid(0x55, 0x1d, 0x11),
              Der.sequence(
                  Der.value(0x87, new byte[] {127, 0, 0, 1}),
                  Der.value(0x82, "localhost".getBytes(StandardCharsets.US_ASCII))));
      return new TestCertificates(
          certificate("test CA", caKeys.getPublic(), isCa, caKeys.getPrivate()),
          certificate("localhost", serverKeys.getPublic(), names, caKeys.getPrivate()),
          serverKeys.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String caPem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(ca.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  SSLContext serverContext() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", serverKey, PASSWORD, new X509Certificate[] {server, ca});
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(
      String subject, PublicKey key, byte[] extension, PrivateKey issuer)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    byte[] body =
        Der.sequence(
            Der.value(0xa0, Der.value(0x02, new byte[] {2})),
            Der.value(
                0x02, BigInteger.valueOf(now.toEpochMilli() + subject.length()).toByteArray()),
            ECDSA_SHA256,
            name("test CA"),
            Der.sequence(time(now.minusSeconds(3600)), time(now.plusSeconds(86_400))),
            name(subject),
            key.getEncoded(),
            Der.value(0xa3, Der.sequence(extension)));
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(issuer);
    signature.update(body);
    byte[] bits = Der.concat(new byte[1], signature.sign());
    byte[] whole = Der.sequence(body, ECDSA_SHA256, Der.value(0x03, bits));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  private static byte[] name(String commonName) {
    byte[] attribute =
        Der.sequence(
            Der.oid(0x55, 0x04, 0x03),
            Der.value(0x0c, commonName.getBytes(StandardCharsets.UTF_8)));
    return Der.sequence(Der.value(0x31, attribute));
  }

  private static byte[] time(Instant at) {
    String text =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(at);
    return Der.value(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] extension(byte[] oid, byte[] value) {
    return Der.sequence(oid, Der.value(0x04, value));
  }
}
